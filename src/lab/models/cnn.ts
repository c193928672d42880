// A small convolutional network: stages of convolution, pooling and activation, then dense layers.
import type { NetworkPlugin } from "../contracts.ts";
import { choice, ints } from "../params.ts";
import { activation, activationIds } from "../tensor/activation.ts";
import { conv } from "../tensor/conv.ts";
import { dense } from "../tensor/dense.ts";
import { flatten } from "../tensor/flatten.ts";
import { averagePool, maxPool } from "../tensor/pool.ts";

const params = {
  channels: ints({ title: "Channels of each stage", byDefault: [16, 32], min: 1, max: 512, maxCount: 4 }),
  kernel: choice({ title: "Kernel", byDefault: "3", options: ["1", "3", "5", "7"] }),
  pooling: choice({ title: "Pooling", byDefault: "max", options: ["max", "average", "stride"] }),
  widths: ints({ title: "Hidden dense widths", byDefault: [64], min: 1, max: 8192, maxCount: 4 }),
  activation: choice({ title: "Activation", byDefault: "relu", options: activationIds }),
};

export const cnn: NetworkPlugin<typeof params> = {
  id: "cnn",
  title: "CNN",
  description: "Convolutions with pooling and a hidden dense layer: features are learned and shared between images.",
  params,
  // "Stride" convolves every other pixel and pools nothing.
  // Max-pooling comes before the activation: every activation here but gelu grows with its input, so the two commute and the
  // function is that of activation before pooling, at a quarter of the work. For gelu the order is as written.
  build: ({ channels, kernel, pooling, widths, activation: id }, _shape, classCount) => [
    ...channels.flatMap((count) => {
      if (pooling === "max") return [conv(count, Number(kernel)), maxPool(), ...activation(id)];
      if (pooling === "stride") return [conv(count, Number(kernel), { stride: 2 }), ...activation(id)];
      return [conv(count, Number(kernel)), ...activation(id), averagePool()];
    }),
    flatten(),
    ...widths.flatMap((width) => [dense(width), ...activation(id)]),
    dense(classCount),
  ],
};
