// The packed data sets: which image answers which class, split and index, and what is said when files are not whole.
import { describe, expect, it } from "vitest";
import type { DatasetManifest, Host, ImageSource } from "../../src/lab/contracts.ts";
import { cifar10 } from "../../src/lab/datasets/cifar10.ts";
import { manifestFrom } from "../../src/lab/datasets/manifest.ts";
import { mnist } from "../../src/lab/datasets/mnist.ts";
import { packed } from "../../src/lab/datasets/packed.ts";
import { LabError } from "../../src/lab/error.ts";
import { howPacked } from "../../src/lab/manifests.ts";

const manifest: DatasetManifest = {
  id: "dots",
  title: "Dots",
  description: "Two classes of 1 x 2 images.",
  shape: [1, 2, 1],
  classes: [
    { id: "dark", title: "dark", path: [] },
    { id: "light", title: "light", path: [] },
  ],
  maxPerClass: { train: 2, test: 1 },
  defaultPerClass: { train: 1, test: 1 },
  source: "This test.",
  licence: "Same as the lab.",
  citation: "None.",
  packed: { images: "images.bin", labels: "labels.bin", sha256: "cafe" },
};

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const index = (sha256: string): Uint8Array =>
  ascii(JSON.stringify({ counts: { train: 3, test: 2 }, images: { sha256 } }));

/** Three training images (light, dark, light) and two for testing (dark, light); image n is [10 n, 10 n + 1]. */
const whole: Readonly<Record<string, Uint8Array>> = {
  "data/dots/index.json": index("cafe"),
  "data/dots/labels.bin": Uint8Array.of(1, 0, 1, 0, 1),
  "data/dots/images.bin": Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41),
};

const hostOf = (files: Readonly<Record<string, Uint8Array>>): Host => ({
  readBytes: async (path) => {
    const bytes = files[path];
    if (!bytes) throw new LabError("data-unavailable", `${path} is not there.`);
    return bytes;
  },
  breathe: async () => undefined,
  wait: async () => undefined,
  now: () => 0,
  backends: [],
  wasmPaths: "",
});

const openWith = (changed: Readonly<Record<string, Uint8Array>>): Promise<ImageSource> =>
  packed(manifest).open({}, hostOf({ ...whole, ...changed }));

describe("a packed data set", () => {
  it("gives the images of a class and split in file order", async () => {
    const source = await openWith({});
    expect([...source.image("light", "train", 0)]).toEqual([0, 1]);
    expect([...source.image("light", "train", 1)]).toEqual([20, 21]);
    expect([...source.image("dark", "train", 0)]).toEqual([10, 11]);
    expect([...source.image("dark", "test", 0)]).toEqual([30, 31]);
    expect([...source.image("light", "test", 0)]).toEqual([40, 41]);
  });

  it("gives copies, so that a changed image does not change the file", async () => {
    const source = await openWith({});
    source.image("dark", "train", 0).fill(0);
    expect([...source.image("dark", "train", 0)]).toEqual([10, 11]);
  });

  it("names the classes when asked for a foreign one, and the count when asked for too many", async () => {
    const source = await openWith({});
    expect(() => source.image("tiger", "train", 0)).toThrow('Dots has no class "tiger"; its classes are: dark, light.');
    expect(() => source.image("light", "train", 2)).toThrow("Dots has 2 training images of light");
  });

  it("says how to get the files when they are missing", async () => {
    const opening = packed(manifest).open({}, hostOf({}));
    await expect(opening).rejects.toMatchObject({
      code: "data-unavailable",
      message: expect.stringContaining("`npm run datasets -- dots`"),
    });
  });

  it("takes a web page in place of the index as missing", async () => {
    await expect(openWith({ "data/dots/index.json": ascii("<!doctype html>") })).rejects.toMatchObject({
      code: "data-unavailable",
      message: expect.stringContaining("not in the data folder"),
    });
  });

  it("refuses files packed for another manifest", async () => {
    for (const bytes of [index("beef"), ascii("null"), ascii("{}")])
      await expect(openWith({ "data/dots/index.json": bytes })).rejects.toMatchObject({
        code: "data-unavailable",
        message: expect.stringContaining("another version"),
      });
  });

  it.each(["images.bin", "labels.bin"])("refuses a truncated %s with both lengths", async (name) => {
    const path = `data/dots/${name}`;
    const bytes = whole[path]!;
    await expect(openWith({ [path]: bytes.subarray(0, bytes.length - 1) })).rejects.toMatchObject({
      code: "data-unavailable",
      message: expect.stringContaining(`has ${bytes.length - 1} bytes, not ${bytes.length}`),
    });
  });

  it("refuses a label beyond the classes", async () => {
    const labels = Uint8Array.of(1, 0, 7, 0, 1);
    await expect(openWith({ "data/dots/labels.bin": labels })).rejects.toMatchObject({ code: "data-unavailable" });
  });

  it("passes on a failure that is not about missing files", async () => {
    const host: Host = {
      ...hostOf(whole),
      readBytes: async () => Promise.reject(new LabError("cancelled", "Stopped.")),
    };
    await expect(packed(manifest).open({}, host)).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("the manifests on the shelf", () => {
  it("groups CIFAR-10 into animals and vehicles, and MNIST not at all", () => {
    const groups = cifar10.manifest.classes.map(({ path }) => path.join("/"));
    expect(groups.filter((group) => group === "animal")).toHaveLength(6);
    expect(groups.filter((group) => group === "vehicle")).toHaveLength(4);
    expect(mnist.manifest.classes.every(({ path }) => path.length === 0)).toBe(true);
  });

  it("refuses a shape that is not of three numbers", () => {
    expect(() => manifestFrom({ ...manifest, shape: [1, 2] })).toThrow("needs a shape");
  });
});

describe("how images are got that are not drawn", () => {
  it("names the data sets that are packed, and the command", () => {
    expect(howPacked()).toBe("CIFAR-10 and MNIST: fetched and packed once, by `npm run datasets -- cifar10 mnist`.");
    expect(howPacked(["drawn", "mnist"])).toBe("MNIST: fetched and packed once, by `npm run datasets -- mnist`.");
  });
});
