// MNIST on the shelf: handwritten digits.
import json from "../../../datasets/mnist.json" with { type: "json" };
import { manifestFrom } from "./manifest.ts";
import { packed } from "./packed.ts";

export const mnist = packed(manifestFrom(json));
