// CIFAR-10 on the shelf: photographs of animals and vehicles.
import json from "../../../datasets/cifar10.json" with { type: "json" };
import { manifestFrom } from "./manifest.ts";
import { packed } from "./packed.ts";

export const cifar10 = packed(manifestFrom(json));
