// Paints a graph on two canvases: edges and what else rests on the lower one, what moves on the upper one.
import type { Graph } from "../../../lab/simulators/neurashed.ts";
import type { Theme } from "../../figures/palette.ts";
import type { NodeColours } from "../../figures/graphColours.ts";
import type { GraphLayout, Place } from "../../figures/graphLayout.ts";

/** All that stays while the graph runs. */
export interface Scene {
  readonly graph: Graph;
  readonly layout: GraphLayout;
  /** [node] */
  readonly colours: readonly NodeColours[];
  /** [class] */
  readonly classColours: readonly string[];
  readonly theme: Theme;
  /** The largest factor, whose node has the radius of the layout. */
  readonly most: number;
}

export interface Edge {
  readonly child: number;
  readonly parent: number;
}

/** A firing pattern on its way up. */
export interface Wave {
  readonly label: number;
  readonly fires: Uint8Array;
  /** The level it has come to, in parts of a level; the last one's number where all that fires is lit. */
  readonly level: number;
  /** 1 for an example that is there, less for one that goes. */
  readonly strength: number;
}

/** What is shown beside the run itself. */
export interface Marks {
  /** Nodes that an edge starts from, or that is dragged to. */
  readonly picked: readonly number[];
  readonly edge: Edge | undefined;
  /** The class whose parts are outlined. */
  readonly outlined: Uint8Array | undefined;
  /** From a node to where the pointer is. */
  readonly drag: { readonly from: number; readonly to: Place } | undefined;
}

export const noMarks: Marks = { picked: [], edge: undefined, outlined: undefined, drag: undefined };

export interface Painter {
  /** Takes another graph, size or theme, and paints what rests. */
  rest(scene: Scene): void;
  /** Paints what moves. @param factors [node] */
  move(factors: ArrayLike<number>, waves: readonly Wave[], marks: Marks): void;
}

export const edgesOf = ({ nodes }: Graph): Edge[] =>
  nodes.flatMap(({ children }, parent) => children.map((child) => ({ child, parent })));

/** The four points of an edge's curve, which leaves and arrives along the levels. */
export function curveOf(
  { places, upwards }: Pick<GraphLayout, "places" | "upwards">,
  { child, parent }: Edge,
): [Place, Place, Place, Place] {
  const [a, b] = [places[child]!, places[parent]!];
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return upwards
    ? [a, { x: a.x, y: middle.y }, { x: b.x, y: middle.y }, b]
    : [a, { x: middle.x, y: a.y }, { x: middle.x, y: b.y }, b];
}

const between = (a: Place, b: Place, share: number): Place => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** The first part of a curve (de Casteljau). */
function firstPart([a, b, c, d]: readonly [Place, Place, Place, Place], share: number): [Place, Place, Place, Place] {
  const [ab, bc, cd] = [between(a, b, share), between(b, c, share), between(c, d, share)];
  const [abc, bcd] = [between(ab, bc, share), between(bc, cd, share)];
  return [a, ab, abc, between(abc, bcd, share)];
}

/** A point of a curve. @param share from 0 to 1 */
export const pointOn = (curve: readonly [Place, Place, Place, Place], share: number): Place =>
  firstPart(curve, share)[3];

/** The edge nearest to a point, if one is within reach. */
export function edgeAt(
  edges: readonly Edge[],
  layout: GraphLayout,
  { x, y }: Place,
  reachPx: number,
): Edge | undefined {
  const shares = Array.from({ length: 25 }, (_, at) => at / 24);
  let [nearest, best]: [Edge | undefined, number] = [undefined, reachPx];
  for (const edge of edges) {
    const curve = curveOf(layout, edge);
    for (const share of shares) {
      const point = pointOn(curve, share);
      const distance = Math.hypot(point.x - x, point.y - y);
      if (distance < best) [nearest, best] = [edge, distance];
    }
  }
  return nearest;
}

/** So small that a node which has nearly died can still be seen. */
const leastRadius = 1.6;
export const radiusOf = ({ layout, most }: Pick<Scene, "layout" | "most">, factor: number): number =>
  Math.max(leastRadius, layout.radius * Math.sqrt(Math.min(1, factor / most)));

/** More than this are drawn thin, or they would hide each other. */
const manyEdges = 300;
/** More than this are drawn as hairlines, a pixel of the screen wide, which browsers draw several times as fast as strokes. */
const mostStrokes = 2000;

/** Opacity, and width in pixels of the page. Hairlines that cross add up. */
function litStroke(edgeCount: number, screenPx: number): readonly [number, number] {
  if (edgeCount > mostStrokes) return [0.3, screenPx];
  return edgeCount > manyEdges ? [0.6, 1.2] : [0.85, 2];
}

const round = 2 * Math.PI;

/** @param lower @param upper canvases of one size, one on the other */
export function painter(lower: HTMLCanvasElement, upper: HTMLCanvasElement): Painter {
  const [ground, front] = [lower.getContext("2d")!, upper.getContext("2d")!];
  let scene: Scene;
  let edges: { edge: Edge; curve: [Place, Place, Place, Place] }[] = [];

  function sized({ layout: { width, height } }: Scene): void {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    for (const [canvas, context] of [
      [lower, ground],
      [upper, front],
    ] as const) {
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== wide) canvas.width = wide;
      if (canvas.height !== high) canvas.height = high;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
  }

  function stroke(
    context: CanvasRenderingContext2D,
    curves: readonly (readonly [Place, Place, Place, Place])[],
    colour: string,
    width: number,
  ): void {
    if (curves.length === 0) return;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [a, b, c, d] of curves) {
      context.moveTo(a.x, a.y);
      context.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    }
    context.stroke();
  }

  /** Nodes of one colour at once. */
  function discs(nodes: readonly number[], radii: (at: number) => number): void {
    front.beginPath();
    for (const at of nodes) {
      const [{ x, y }, radius] = [scene.layout.places[at]!, radii(at)];
      front.moveTo(x + radius, y);
      front.arc(x, y, radius, 0, round);
    }
  }

  const byColour = (nodes: Iterable<number>, colourOf: (at: number) => string): Map<string, number[]> => {
    const groups = new Map<string, number[]>();
    for (const at of nodes) {
      const colour = colourOf(at);
      const group = groups.get(colour);
      if (group) group.push(at);
      else groups.set(colour, [at]);
    }
    return groups;
  };

  function paintEdges(wave: Wave): void {
    const { graph, classColours } = scene;
    const curves: [Place, Place, Place, Place][] = [];
    for (const { edge, curve } of edges) {
      if (!wave.fires[edge.child] || !wave.fires[edge.parent]) continue;
      const share = wave.level - graph.nodes[edge.child]!.level;
      if (share >= 1) curves.push(curve);
      else if (share > 0) curves.push(firstPart(curve, share));
    }
    const [alpha, width] = litStroke(edges.length, 1 / front.getTransform().a);
    front.globalAlpha = alpha * wave.strength;
    stroke(front, curves, classColours[wave.label]!, width);
    front.globalAlpha = 1;
  }

  function paintNodes(factors: ArrayLike<number>, wave: Wave | undefined): void {
    const { graph, colours, classColours } = scene;
    const radii = (at: number): number => radiusOf(scene, factors[at]!);
    const isLit = (at: number): boolean => wave?.fires[at] === 1 && wave.level >= graph.nodes[at]!.level - 0.02;
    const all = [...graph.nodes.keys()];
    const [lit, rest] = [all.filter(isLit), all.filter((at) => !isLit(at))];
    front.lineWidth = 1;
    for (const [colour, nodes] of byColour(rest, (at) => colours[at]!.pale)) {
      discs(nodes, radii);
      front.fillStyle = colour;
      front.fill();
      front.strokeStyle = colours[nodes[0]!]!.rim;
      front.stroke();
    }
    if (!wave) return;
    // A halo in the colour of the example, widest where the wave has just arrived.
    front.fillStyle = classColours[wave.label]!;
    for (const [level, nodes] of byColour(lit, (at) => String(graph.nodes[at]!.level))) {
      const fresh = Math.max(0, 1 - (wave.level - Number(level)) * 1.6);
      front.globalAlpha = 0.28 + 0.25 * fresh;
      discs(nodes, (at) => radii(at) + Math.min(4, 1.5 + scene.layout.radius / 5) * (1 + 1.2 * fresh));
      front.fill();
    }
    front.globalAlpha = 1;
    for (const [colour, nodes] of byColour(lit, (at) => colours[at]!.full)) {
      discs(nodes, radii);
      front.fillStyle = colour;
      front.fill();
    }
  }

  function paintMarks(factors: ArrayLike<number>, { picked, edge, outlined, drag }: Marks): void {
    const { layout, theme } = scene;
    front.strokeStyle = theme.text;
    front.lineWidth = 1.5;
    if (outlined) {
      discs(
        [...outlined.keys()].filter((at) => outlined[at]),
        (at) => radiusOf(scene, factors[at]!) + 1.5,
      );
      front.stroke();
    }
    if (edge) stroke(front, [curveOf(layout, edge)], theme.text, 3);
    front.lineWidth = 2;
    front.setLineDash([5, 4]);
    if (drag) {
      const from = layout.places[drag.from]!;
      stroke(front, [[from, from, drag.to, drag.to]], theme.text, 2);
    }
    discs(picked, (at) => radiusOf(scene, factors[at]!) + 6);
    front.stroke();
    front.setLineDash([]);
  }

  return {
    rest(next) {
      scene = next;
      const { layout, graph, colours } = scene;
      edges = edgesOf(graph).map((edge) => ({ edge, curve: curveOf(layout, edge) }));
      sized(scene);
      ground.clearRect(0, 0, layout.width, layout.height);
      ground.globalAlpha = edges.length > manyEdges ? 0.3 : 0.55;
      const groups = byColour(edges.keys(), (at) => colours[edges[at]!.edge.parent]!.rim);
      for (const [colour, members] of groups)
        stroke(
          ground,
          members.map((at) => edges[at]!.curve),
          colour,
          1,
        );
      ground.globalAlpha = 1;
    },
    move(factors, waves, marks) {
      front.clearRect(0, 0, scene.layout.width, scene.layout.height);
      for (const wave of waves) paintEdges(wave);
      paintNodes(factors, waves.at(-1));
      paintMarks(factors, marks);
    },
  };
}
