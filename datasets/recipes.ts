// The recipes: for each set that is packed, which files of its package hold what, and how to decode them.
import type { DatasetManifest } from "../src/lab/contracts.ts";
import { manifestFrom } from "../src/lab/datasets/manifest.ts";
import cifar10 from "./cifar10.json" with { type: "json" };
import { decodeIdx, decodeLabelList, decodeSheet, type Shape } from "./decode.ts";
import mnist from "./mnist.json" with { type: "json" };
import { PackError } from "./pack-error.ts";

/** Paths inside the package; the images of several files follow one another. */
export interface SplitFiles {
  readonly images: readonly string[];
  readonly labels: string;
}

export interface Recipe {
  readonly manifest: DatasetManifest;
  /** Size of the download, in MB, for people. */
  readonly megabytes: number;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  decodeImages(bytes: Uint8Array, shape: Shape): Uint8Array;
  decodeLabels(bytes: Uint8Array): Uint8Array;
}

export const recipes: readonly Recipe[] = [
  {
    manifest: manifestFrom(cifar10),
    megabytes: 139,
    train: { images: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.png`), labels: "train_lables.json" },
    test: { images: ["test_batch.png"], labels: "test_lables.json" },
    decodeImages: decodeSheet,
    decodeLabels: decodeLabelList,
  },
  {
    manifest: manifestFrom(mnist),
    megabytes: 11,
    train: { images: ["data/train-images-idx3-ubyte"], labels: "data/train-labels-idx1-ubyte" },
    test: { images: ["data/t10k-images-idx3-ubyte"], labels: "data/t10k-labels-idx1-ubyte" },
    decodeImages: (bytes, [rows, columns]) => decodeIdx(bytes, [rows, columns]),
    decodeLabels: (bytes) => decodeIdx(bytes, []),
  },
];

/** The recipes of the given ids, each once. */
export function chooseRecipes(ids: readonly string[]): readonly Recipe[] {
  return [...new Set(ids)].map((id) => {
    const recipe = recipes.find(({ manifest }) => manifest.id === id);
    if (recipe) return recipe;
    const known = recipes.map(({ manifest }) => manifest.id).join(", ");
    throw new PackError(`There is no data set "${id}" to pack; the known ones are: ${known}.`);
  });
}
