// The networks of the shelf of models: those that are made of layers.
import { models } from "../../src/lab/catalogue.ts";
import type { NetworkPlugin } from "../../src/lab/contracts.ts";

export const networks: readonly NetworkPlugin[] = models.filter((model) => "build" in model);

export const networkOf = (id: string): NetworkPlugin => networks.find((model) => model.id === id)!;
