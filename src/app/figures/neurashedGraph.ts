// The neurashed-style graph at one step of its animation, and what a step on one class would have moved until then.
import type { ClassInfo } from "../../lab/contracts.ts";
import { relation, relations, type Relation } from "../../lab/relation.ts";
import type { Graph } from "../../lab/simulators/neurashed.ts";
import type { Example, Shares } from "../../lab/simulators/neurashed/play.ts";
import { blankIfNaN, type Figure, type FigureData, type LineTrace, type PointsTrace } from "./figure.ts";
import { ownerColour, ownershipOf } from "./graphColours.ts";
import { graphLayout, ownersOf, type GraphLayout } from "./graphLayout.ts";
import { classColour } from "./palette.ts";
import { niceAxis, shortNumber } from "./scale.ts";

export interface GraphInput {
  readonly graph: Graph;
  readonly classes: readonly ClassInfo[];
  /** The largest factor. */
  readonly most: number;
  readonly seed: number;
  readonly step: number;
  /** [node] */
  readonly factors: ArrayLike<number>;
  /** The example whose nodes are rimmed. */
  readonly example: Example;
  /** The class whose step is asked about. */
  readonly label: number;
  readonly history: readonly { readonly step: number; readonly shares: Shares }[];
}

/** Of the graph, in the pixels of a figure across a page. */
const room = { width: 660, height: 400 };
const leastRadius = 1.2;

export function neurashedGraph(input: GraphInput): Figure {
  const { graph, classes, step, seed, example } = input;
  const layout = graphLayout(graph, classes, room);
  const axis = (high: number) => ({ title: "", low: 0, high, ticks: [] });
  const name = classes[example.label]!.title;
  return {
    name: "neurashed-graph",
    title: `The graph at step ${step}`,
    caption: `Features from the simplest ones at the bottom to the classes at the top; an edge leads from a feature to what is made of it. The area of a node is its amplifying factor at step ${step} (seed ${seed}). A feature of one class has its colour, one of several classes is slate, lighter where all classes have it. Rimmed: what one example of "${name}" makes fire.`,
    arrangement: "row",
    panels: [{ title: "", view: "equal", x: axis(layout.width), y: axis(layout.height) }],
    traces: [...edgesDrawn(input, layout), ...nodesDrawn(input, layout)],
    data: () => graphData(input),
  };
}

/** Points along a curve. */
const curveCount = 13;

function edgesDrawn({ graph, classes }: GraphInput, { places, height }: GraphLayout): LineTrace[] {
  const owners = ownersOf(graph);
  const shares = Array.from({ length: curveCount }, (_, at) => at / (curveCount - 1));
  // Level at both ends, as on the page.
  const eased = (share: number): number => share * share * (3 - 2 * share);
  return graph.nodes.flatMap(({ children }, parent) =>
    children.map((child): LineTrace => {
      const [a, b] = [places[child]!, places[parent]!];
      return {
        type: "line",
        panel: 0,
        title: "",
        x: shares.map((share) => a.x + (b.x - a.x) * eased(share)),
        y: shares.map((share) => height - (a.y + (b.y - a.y) * share)),
        colour: ownerColour(owners[parent]!, classes),
        dash: "solid",
        marker: "none",
        faint: true,
      };
    }),
  );
}

function nodesDrawn({ graph, classes, factors, most, example }: GraphInput, layout: GraphLayout): PointsTrace[] {
  const owners = ownersOf(graph);
  return graph.nodes.map(({ name, level }, at): PointsTrace => {
    const { x, y } = layout.places[at]!;
    const factor = factors[at]!;
    return {
      type: "points",
      panel: 0,
      title: "",
      x: [x],
      y: [layout.height - y],
      ids: [at],
      hover: [`${name}: factor ${shortNumber(factor)}`],
      colour: colourOf(owners[at]!, classes),
      marker: "circle",
      radius: Math.max(leastRadius, layout.radius * Math.sqrt(Math.min(1, factor / most))),
      isMarked: example.fires[at] === 1,
      ...(layout.named[level] ? { names: { side: layout.sides[at]!, texts: [name] } } : {}),
    };
  });
}

/** Classes keep the name of their colour, which themes may swap. */
const colourOf = (owners: readonly number[], classes: readonly ClassInfo[]): string =>
  owners.length === 1 ? classColour(owners[0]!) : ownerColour(owners, classes);

function graphData({ graph, classes, factors, example, step, seed }: GraphInput): FigureData {
  const owners = ownersOf(graph);
  return {
    columns: ["seed", "step", "node", "level", "children", "classes", "sharing", "factor", "fires"],
    rows: graph.nodes.map(({ name, level, children }, at) => [
      seed,
      step,
      name,
      level,
      children.map((child) => graph.nodes[child]!.name).join("+"),
      owners[at]!.map((label) => classes[label]!.id).join("+"),
      ownershipOf(owners[at]!, classes),
      factors[at]!,
      example.fires[at]!,
    ]),
    dictionary: {
      seed: "Of what fires.",
      step: "Steps done.",
      node: "A feature, or a class in the last level.",
      level: "0: simple features.",
      children: "Nodes one level below that it is made of.",
      classes: "Classes that it is part of.",
      sharing: "Whether one class has it, a super-class, or others (common).",
      factor: "Its amplifying factor.",
      fires: `1 where it fires for the example shown, one of "${classes[example.label]!.id}".`,
    },
  };
}

const styles: Readonly<Record<Relation, Pick<LineTrace, "colour" | "dash">>> = {
  same: { colour: "#d55e00", dash: "solid" },
  sibling: { colour: "#0072b2", dash: "dash" },
  unrelated: { colour: "#009e73", dash: "dot" },
};

export function neurashedShares({ classes, label, history, seed }: GraphInput): Figure {
  const name = classes[label]!.title;
  const there = relations.filter((kind) => classes.some((info) => relation(classes[label]!, info) === kind));
  const steps = history.map(({ step }) => step);
  return {
    name: "neurashed-graph-shares",
    title: `What one step on "${name}" would move`,
    caption: `Relative similarity |Δf(p)| / |Δf(a)| of the score of "${name}" after one step on an example of it (a), at examples (p) of the same class, of its siblings and of unrelated classes, against the steps done; means over 8 learned and 8 asked examples a class, seed ${seed}.`,
    arrangement: "row",
    panels: [
      {
        title: "",
        x: niceAxis("Steps", [0, Math.max(1, ...steps)]),
        y: niceAxis(
          "Relative similarity",
          history.flatMap(({ shares }) => there.map((kind) => shares[kind])),
        ),
      },
    ],
    traces: there.map((kind): LineTrace => ({
      type: "line",
      panel: 0,
      title: `${kind}${kind === "same" ? " class" : ""}`,
      x: steps,
      y: history.map(({ shares }) => shares[kind]),
      ...styles[kind],
      marker: "none",
    })),
    data: () => ({
      columns: ["seed", "class", "step", "relation", "value"],
      rows: history.flatMap(({ step, shares }) =>
        there.map((kind) => [seed, classes[label]!.id, step, kind, blankIfNaN(shares[kind])]),
      ),
      dictionary: {
        seed: "Of what fires.",
        class: "Class of the learned examples.",
        step: "Steps done.",
        relation: "How the class of the asked examples is related to it.",
        value: "Mean relative similarity. Blank: not measurable.",
      },
    }),
  };
}
