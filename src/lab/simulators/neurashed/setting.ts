// What the neurashed-style model asks for, wherever it runs: which features there are, and how they fire and grow.
import type { ClassInfo } from "../../contracts.ts";
import { choice, real, words } from "../../params.ts";
import type { Graph } from "../neurashed.ts";
import { drawnWith, features, layered, sharings } from "./graphs.ts";
import { graphOf } from "./words.ts";

const graphIds = [...sharings, "drawn features"] as const;

export const modelParams = {
  graph: choice({
    title: "Features shared",
    byDefault: "super-class",
    options: graphIds,
    help: "Super-class: most by all classes, some by the classes of a super-class, some by none. Drawn features: those that the drawn data set draws its classes with.",
  }),
  nodes: words({
    title: "Graph by hand",
    byDefault: [],
    maxCount: 200,
    help: "One word a node: stripes is a simple feature, coat@1:stripes+fur one of level 1 made of two others, tiger@2:coat a class. Empty: the graph chosen above.",
  }),
  fireChance: real({
    title: "Chance that a feature fires",
    byDefault: 0.95,
    min: 0,
    max: 1,
    help: "Of each feature of an example's class, by itself, once for each example.",
  }),
  patience: real({
    title: "Patience, c",
    byDefault: 8,
    min: 0.1,
    max: 1e6,
    scale: "log",
    help: "A factor that does not fire is multiplied by 1 − g / c.",
  }),
  most: real({ title: "Largest factor", byDefault: 3, min: 0.01, max: 1000, scale: "log" }),
};

export interface GraphChoice {
  readonly graph: (typeof graphIds)[number];
  readonly nodes: readonly string[];
}

/** The graph by hand where there is one, else the one chosen by name. @throws LabError `spec-invalid` for a graph that is none */
export function chosenGraph({ graph, nodes }: GraphChoice, classes: readonly ClassInfo[]): Graph {
  if (nodes.length === 0)
    return layered(graph === "drawn features" ? drawnWith(classes) : features(classes, graph), classes);
  return graphOf(
    nodes,
    classes.map(({ id }) => id),
  );
}
