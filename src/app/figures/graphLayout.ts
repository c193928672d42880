// Where the nodes of a graph lie: level by level, each level in the order of the classes it belongs to, in as many rows as its nodes
// need to stay large.
import type { ClassInfo } from "../../lab/contracts.ts";
import type { PointNames } from "./figure.ts";
import { made, type Graph } from "../../lab/simulators/neurashed.ts";

export interface GraphRoom {
  readonly width: number;
  readonly height: number;
}

/** In pixels from the left and the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export type NameSide = PointNames["side"];

export interface GraphLayout extends GraphRoom {
  /** Levels lie from the bottom up, or from left to right in a room that is higher than wide. */
  readonly upwards: boolean;
  /** [node] */
  readonly places: readonly Place[];
  /** What a node of the largest factor may take. */
  readonly radius: number;
  /** From one node to the next of its row, where they are nearest. */
  readonly pitch: number;
  /** Whether the names of a level can stand beside its nodes. [level] */
  readonly named: readonly boolean[];
  /** On which side of its node a name stands. [node] */
  readonly sides: readonly NameSide[];
  /** Places of the nodes of a level, in order. [level] */
  readonly levels: readonly (readonly number[])[];
}

/** Classes that are made of a node. [node] */
export function ownersOf(graph: Graph): number[][] {
  const parts = Array.from({ length: graph.classCount }, (_, label) => made(graph, label));
  return graph.nodes.map((_, at) => parts.flatMap((part, label) => (part[at] ? [label] : [])));
}

/** Size of the names. */
export const namePx = 11;
const nameWidth = (name: string): number => name.length * namePx * 0.56 + 6;
const nameHeight = namePx + 5;
const [largest, smallest] = [24, 2.5];
const gap = 5;
/** Between levels, at least this many pixels for the edges: the first that there is room for. */
const edgeRooms = [46, 23, 11, 5] as const;

interface Plan {
  readonly named: boolean;
  readonly radius: number;
  readonly pitch: number;
  /** [level] */
  readonly rows: readonly number[];
  /** Along the levels, edges aside. */
  readonly taken: number;
}

export function graphLayout(graph: Graph, classes: readonly ClassInfo[], room: GraphRoom): GraphLayout {
  const { nodes } = graph;
  const levels = orderedLevels(graph, classes);
  const upwards = room.width >= room.height * 1.15;
  const widest = (level: number): number => Math.max(0, ...levels[level]!.map((at) => nameWidth(nodes[at]!.name)));
  const last = levels.length - 1;
  const isLabelled = (level: number): boolean => level === last || nodes.length <= mostNamed;
  /** Along the levels, and across them. */
  const margins = upwards
    ? { start: nameHeight + 4, end: nameHeight + 4, side: isLabelled(0) ? Math.min(60, widest(0) / 2) : 8 }
    : {
        start: Math.min(widest(0) + 4, room.width * 0.24),
        end: Math.min(widest(last) + 4, room.width * 0.4),
        side: nameHeight,
      };
  const across = (upwards ? room.width : room.height) - 2 * margins.side;
  const along = (upwards ? room.height : room.width) - margins.start - margins.end;

  /** What a node with its name needs of the row it stands in: those between the ends stand on the way to the next one. */
  const nameNeeds = (level: number, radius: number): number =>
    (upwards ? widest(level) : nameHeight) + (level > 0 && level < last ? 2 * radius + gap : 0);
  /** From the edge of the room to the first node of a level, and from each to the next, whichever row it stands in. */
  const insetOf = (level: number, radius: number): number =>
    Math.max(radius, across / Math.max(1, levels[level]!.length) / 2);
  const stepOf = (level: number, radius: number): number =>
    levels[level]!.length < 2 ? across : (across - 2 * insetOf(level, radius)) / (levels[level]!.length - 1);
  const rowsOf = (level: number, radius: number, named: boolean): number => {
    const one = Math.max(2 * radius + gap, named && isLabelled(level) ? nameNeeds(level, radius) : 0);
    return Math.max(1, Math.ceil(one / stepOf(level, radius)));
  };
  const plansWith = (edgeRoom: number): Plan[] =>
    [true, false].flatMap((named) => {
      for (let radius = largest; radius >= smallest; radius -= 0.5) {
        const pitch = 2 * radius + (named && upwards ? nameHeight : gap);
        const rows = levels.map((_, level) => rowsOf(level, radius, named));
        // Side by side, names of several columns would lie on each other.
        if (named && !upwards && rows.some((count, level) => count > 1 && isLabelled(level))) continue;
        const taken = rows.reduce((sum, count) => sum + 2 * radius + (count - 1) * pitch, 0);
        if (taken + last * edgeRoom <= along) return [{ named, radius, pitch, rows, taken }];
      }
      return [];
    });
  /** Where none has room: a row a level, as small as that takes. */
  const tightest = (): Plan => {
    const most = Math.max(...levels.map(({ length }) => length));
    const radius = Math.min(smallest, along / levels.length / 2, across / most / 2);
    return { named: false, radius, pitch: 2 * radius, rows: levels.map(() => 1), taken: 2 * radius * levels.length };
  };
  const [first, second] = edgeRooms.map(plansWith).find(({ length }) => length > 0) ?? [];
  const plan = (first?.named && first.radius >= readable ? first : second) ?? first ?? tightest();
  const free = Math.max(0, (along - plan.taken) / Math.max(1, last));

  const places: Place[] = nodes.map(() => ({ x: 0, y: 0 }));
  let from = margins.start;
  for (const [level, members] of levels.entries()) {
    const rows = plan.rows[level]!;
    for (const [order, at] of members.entries()) {
      const depth = from + plan.radius + (order % rows) * plan.pitch;
      const side = margins.side + insetOf(level, plan.radius) + order * stepOf(level, plan.radius);
      places[at] = upwards ? { x: side, y: room.height - depth } : { x: depth, y: side };
    }
    from += 2 * plan.radius + (rows - 1) * plan.pitch + free;
  }
  const spacings = levels.map((_, level) => stepOf(level, plan.radius) * plan.rows[level]!);
  const named = spacings.map(
    (spacing, level) => level === last || (plan.named && isLabelled(level) && spacing >= nameNeeds(level, plan.radius)),
  );
  const sideOf = (at: number): NameSide => {
    const { level, name } = nodes[at]!;
    if (level === last) return upwards ? "above" : "right";
    if (level === 0) return upwards ? "below" : "left";
    if (!upwards) return "above";
    // Edges leave a node upwards and downwards: beside it there is room.
    return places[at]!.x + plan.radius + nameWidth(name) > room.width ? "left" : "right";
  };
  const pitch = Math.min(plan.pitch, ...spacings);
  return {
    ...room,
    upwards,
    places,
    radius: plan.radius,
    pitch,
    named,
    sides: nodes.map((_, at) => sideOf(at)),
    levels,
  };
}

/** With more nodes than this, only classes have their names beside them. */
const mostNamed = 60;
/** Names are worth it as long as nodes stay this large. */
const readable = 8;

/** Classes by super-class, and every other node where the classes it belongs to are, on average. */
function orderedLevels(graph: Graph, classes: readonly ClassInfo[]): number[][] {
  const { nodes, classCount } = graph;
  const groupOf = (label: number): number =>
    classes.findIndex(({ path }, at) => at === label || (path.length > 0 && path[0] === classes[label]!.path[0]));
  const order = Array.from({ length: classCount }, (_, label) => label).sort(
    (a, b) => groupOf(a) - groupOf(b) || a - b,
  );
  const owners = ownersOf(graph);
  const middle = owners.map((own) =>
    own.length === 0 ? classCount : own.reduce((sum, label) => sum + order.indexOf(label), 0) / own.length,
  );
  const top = nodes.at(-1)!.level;
  return Array.from({ length: top + 1 }, (_, level) =>
    [...nodes.keys()].filter((at) => nodes[at]!.level === level).sort((a, b) => middle[a]! - middle[b]! || a - b),
  );
}

/** The node that an arrow key leads to: along the level, or to the nearest of the next one. */
export function nodeBeside({ levels, places, upwards }: GraphLayout, at: number, key: string): number | undefined {
  const level = levels.findIndex((members) => members.includes(at));
  const members = levels[level]!;
  const order = members.indexOf(at);
  const [back, on, down, up] = upwards
    ? ["ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp"]
    : ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
  const side = (node: number): number => (upwards ? places[node]!.x : places[node]!.y);
  const nearest = (others: readonly number[] = []): number | undefined =>
    others.toSorted((a, b) => Math.abs(side(a) - side(at)) - Math.abs(side(b) - side(at)))[0];
  if (key === back) return members[order - 1];
  if (key === on) return members[order + 1];
  if (key === down) return nearest(levels[level - 1]);
  if (key === up) return nearest(levels[level + 1]);
  if (key === "Home") return members[0];
  return key === "End" ? members.at(-1) : undefined;
}

/** The node nearest to a point, if one is within reach. */
export function nodeAt({ places }: GraphLayout, { x, y }: Place, reachPx: number): number | undefined {
  const distances = places.map((place) => Math.hypot(place.x - x, place.y - y));
  const nearest = Math.min(...distances);
  return nearest <= reachPx ? distances.indexOf(nearest) : undefined;
}
