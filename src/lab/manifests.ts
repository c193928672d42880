// What each data set is, without the code that opens it: for whoever asks about classes and counts before there is a platform.
import cifar10 from "../../datasets/cifar10.json" with { type: "json" };
import drawn from "../../datasets/drawn.json" with { type: "json" };
import geomnist from "../../datasets/geomnist.json" with { type: "json" };
import mnist from "../../datasets/mnist.json" with { type: "json" };
import type { DatasetManifest } from "./contracts.ts";

export const manifests = [drawn, cifar10, mnist, geomnist] as unknown as readonly DatasetManifest[];

/** For the help of a form: how images get here that are not drawn by code. */
export function howPacked(ids: readonly string[] = manifests.map(({ id }) => id)): string {
  const packed = manifests.filter((manifest) => manifest.packed && ids.includes(manifest.id));
  const [titles, words] = [packed.map(({ title }) => title), packed.map(({ id }) => id)];
  return `${titles.join(" and ")}: fetched and packed once, by \`npm run datasets -- ${words.join(" ")}\`.`;
}
