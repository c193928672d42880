// The images of an experiment in words: for the page, and for every file that leaves it.
import type { DatasetManifest } from "./contracts.ts";
import type { DatasetChoice } from "./spec.ts";

export interface AboutData {
  readonly what: string;
  readonly balance: string;
  readonly split: string;
  /** How the network sees an image (`openDataset` does it). */
  readonly inputs: string;
  readonly licence: string;
  readonly citation: string;
}

export function aboutData(
  { classes, trainPerClass, testPerClass }: DatasetChoice,
  { title, description, shape, licence, citation }: DatasetManifest,
): AboutData {
  const [rows, columns, channels] = shape;
  const count = (value: number): string => value.toLocaleString("en");
  return {
    what: `${title}. ${description} ${rows} × ${columns} pixels, ${channels === 3 ? "colour" : "grey"}.`,
    balance: `Equal: ${count(trainPerClass)} training and ${count(testPerClass)} held-out images in each of ${classes.length} classes (${classes.join(", ")}), ${count(classes.length * (trainPerClass + testPerClass))} in all.`,
    split: "Fixed: held-out images are never trained on, whatever the seed.",
    inputs:
      "pixel / 255, minus the per-pixel mean of the training images, divided by one standard deviation over all pixels.",
    licence,
    citation,
  };
}
