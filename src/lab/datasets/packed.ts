// A packed data set: real images from files that `npm run datasets` puts into the app's data folder.
import type { DatasetManifest, DatasetPlugin, Host, ImageSource, Split } from "../contracts.ts";
import { LabError } from "../error.ts";

type PackedNames = NonNullable<DatasetManifest["packed"]>;

interface Counts {
  readonly train: number;
  readonly test: number;
}

/** Places in the images file, by class number and in file order. */
type Places = readonly (readonly number[])[];

const unavailable = (message: string): LabError => new LabError("data-unavailable", message);
const command = ({ id }: DatasetManifest): string => `\`npm run datasets -- ${id}\``;
const missing = (manifest: DatasetManifest): LabError =>
  unavailable(`${manifest.title} is not in the data folder yet; run ${command(manifest)} and load it again.`);
const stale = (manifest: DatasetManifest): LabError =>
  unavailable(`The packed files of ${manifest.title} are of another version; run ${command(manifest)} to renew them.`);

async function read(manifest: DatasetManifest, name: string, host: Host): Promise<Uint8Array> {
  try {
    return await host.readBytes(`data/${manifest.id}/${name}`);
  } catch (error) {
    const cause = LabError.from(error);
    // The host knows only that a file is missing; here it is known how to get it.
    throw cause.code === "data-unavailable" ? missing(manifest) : cause;
  }
}

/** A web server may answer a missing file with the app's own page, so text that is no index counts as missing. */
function parseIndex(manifest: DatasetManifest, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  } catch {
    throw missing(manifest);
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

/** How many images of each split are packed; asked first, for it costs little when the files are missing or stale. */
async function readCounts(manifest: DatasetManifest, { sha256 }: PackedNames, host: Host): Promise<Counts> {
  const index = parseIndex(manifest, await read(manifest, "index.json", host)) as {
    readonly counts?: Partial<Counts>;
    readonly images?: { readonly sha256?: string };
  } | null;
  const { train, test } = index?.counts ?? {};
  if (index?.images?.sha256 !== sha256 || !isCount(train) || !isCount(test)) throw stale(manifest);
  return { train, test };
}

async function readWhole(manifest: DatasetManifest, name: string, length: number, host: Host): Promise<Uint8Array> {
  const bytes = await read(manifest, name, host);
  if (bytes.length === length) return bytes;
  throw unavailable(
    `${name} of ${manifest.title} has ${bytes.length} bytes, not ${length}; run ${command(manifest)} to renew it.`,
  );
}

function placesByClass(manifest: DatasetManifest, labels: Uint8Array, from: number, to: number): Places {
  const places = manifest.classes.map((): number[] => []);
  for (let at = from; at < to; at += 1) {
    const ofClass = places[labels[at]!];
    if (!ofClass) throw stale(manifest);
    ofClass.push(at);
  }
  return places;
}

function findClass({ title, classes }: DatasetManifest, classId: string): number {
  const found = classes.findIndex(({ id }) => id === classId);
  if (found >= 0) return found;
  const known = classes.map(({ id }) => id).join(", ");
  throw new LabError("spec-invalid", `${title} has no class "${classId}"; its classes are: ${known}.`);
}

const splitWords: Readonly<Record<Split, string>> = { train: "training", test: "test" };

async function open(manifest: DatasetManifest, names: PackedNames, host: Host): Promise<ImageSource> {
  const counts = await readCounts(manifest, names, host);
  const total = counts.train + counts.test;
  const size = manifest.shape[0] * manifest.shape[1] * manifest.shape[2];
  const labels = await readWhole(manifest, names.labels, total, host);
  const images = await readWhole(manifest, names.images, total * size, host);
  const places: Readonly<Record<Split, Places>> = {
    train: placesByClass(manifest, labels, 0, counts.train),
    test: placesByClass(manifest, labels, counts.train, total),
  };
  return {
    image(classId, split, index) {
      const ofClass = places[split][findClass(manifest, classId)]!;
      const place = ofClass[index];
      if (place === undefined)
        throw new LabError(
          "spec-invalid",
          `${manifest.title} has ${ofClass.length} ${splitWords[split]} images of ${classId}, so there is no number ${index}.`,
        );
      // A copy: a view would drag the whole file along when it is sent to another thread.
      return images.slice(place * size, (place + 1) * size);
    },
  };
}

/** The plug-in of a manifest whose images lie in packed files. */
export function packed(manifest: DatasetManifest): DatasetPlugin {
  const names = manifest.packed;
  if (!names) throw new LabError("internal", `The manifest of ${manifest.id} names no packed files.`);
  return { manifest, params: {}, open: (_params, host) => open(manifest, names, host) };
}
