// A multi-layer perceptron on the pixels, of any depth, width and activation.
import type { NetworkPlugin } from "../contracts.ts";
import { choice, ints } from "../params.ts";
import { activation, activationIds } from "../tensor/activation.ts";
import { dense } from "../tensor/dense.ts";
import { flatten } from "../tensor/flatten.ts";

const params = {
  widths: ints({ title: "Hidden widths", byDefault: [512], min: 1, max: 40960, maxCount: 12 }),
  activation: choice({ title: "Activation", byDefault: "relu", options: activationIds }),
};

export const mlp: NetworkPlugin<typeof params> = {
  id: "mlp",
  title: "MLP",
  description: "Fully connected layers with an activation between them; without one it is linear in the pixels.",
  params,
  build: ({ widths, activation: id }, _shape, classCount) => [
    flatten(),
    ...widths.flatMap((width) => [dense(width), ...activation(id)]),
    dense(classCount),
  ],
};
