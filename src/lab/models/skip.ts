// A multi-layer perceptron with skip connections: the "ResNet" of He and Su (ICLR 2020) is the one with a single block.
import type { NetworkPlugin } from "../contracts.ts";
import { choice, int } from "../params.ts";
import { activation, activationIds } from "../tensor/activation.ts";
import { dense } from "../tensor/dense.ts";
import { flatten } from "../tensor/flatten.ts";
import { residual } from "../tensor/residual.ts";

const params = {
  width: int({ title: "Hidden width", byDefault: 256, min: 1, max: 8192 }),
  blocks: int({ title: "Blocks", byDefault: 1, min: 1, max: 12 }),
  activation: choice({ title: "Activation", byDefault: "relu", options: activationIds }),
};

export const skip: NetworkPlugin<typeof params> = {
  id: "skip",
  title: "Skip MLP",
  description: "Fully connected blocks h + s(W h), each adding to what goes around it.",
  params,
  build: ({ width, blocks, activation: id }, _shape, classCount) => [
    flatten(),
    dense(width),
    ...activation(id),
    ...Array.from({ length: blocks }).flatMap(() => residual([dense(width), ...activation(id)])),
    dense(classCount),
  ],
};
