// The only file that imports the shelves: every data set, model and measure of the lab, one line each.
import type { DatasetPlugin, Measure, ModelPlugin } from "./contracts.ts";
import { cifar10 } from "./datasets/cifar10.ts";
import { drawn } from "./datasets/drawn.ts";
import { geomnist } from "./datasets/geomnist.ts";
import { mnist } from "./datasets/mnist.ts";
import { kernelized } from "./measures/kernelized.ts";
import { norm } from "./measures/norm.ts";
import { normalised } from "./measures/normalised.ts";
import { probability } from "./measures/probability.ts";
import { relative } from "./measures/relative.ts";
import { sensitivity } from "./measures/sensitivity.ts";
import { cnn } from "./models/cnn.ts";
import { linear } from "./models/linear.ts";
import { mlp } from "./models/mlp.ts";
import { neurashed } from "./models/neurashed.ts";
import { skip } from "./models/skip.ts";
import type { Catalogue } from "./spec.ts";

export const datasets = [drawn, cifar10, mnist, geomnist] as unknown as readonly DatasetPlugin[];
export const models = [cnn, mlp, skip, linear, neurashed] as unknown as readonly ModelPlugin[];
export const measures: readonly Measure[] = [relative, norm, sensitivity, kernelized, normalised, probability];

/** The shelves as plain data, for forms, links and the command line. */
export function describe(): Catalogue {
  return {
    datasets: datasets.map(({ manifest, params }) => ({ manifest, params })),
    models: models.map(({ id, title, description, params, step, training }) => ({
      id,
      title,
      description,
      params,
      ...(step ? { step } : {}),
      ...(training ? { training } : {}),
    })),
    measures: measures.map(({ numerator: _numerator, denominator: _denominator, ...words }) => words),
  };
}
