// Linear softmax classification: one dense layer on the pixels. Its response is known in closed form.
import type { NetworkPlugin } from "../contracts.ts";
import { dense } from "../tensor/dense.ts";
import { flatten } from "../tensor/flatten.ts";

export const linear: NetworkPlugin<Record<never, never>> = {
  id: "linear",
  title: "Linear",
  description: "Softmax on a linear map of the pixels: the control that is not locally elastic.",
  params: {},
  build: (_params, _shape, classCount) => [flatten(), dense(classCount)],
};
