// Zooming: where every axis starts, and ticks that fit what zoomed axes show.
import type { Figure } from "../figures/figure.ts";
import { axisName, type Json } from "./context.ts";
import { ranges, ticks } from "./layout.ts";

/** What a relayout sets to see everything again. */
export function initialRanges(figure: Figure): Json {
  const entries = figure.panels.flatMap((_, panel) => {
    const { x, y } = ranges(figure, panel);
    return [
      [`${axisName("x", panel)}.range`, x],
      [`${axisName("y", panel)}.range`, y],
    ];
  });
  return Object.fromEntries(entries) as Json;
}

/** The axes as Plotly keeps them, by name. */
export type LiveLayout = Readonly<
  Record<string, { readonly range: [number, number]; readonly tickvals?: readonly number[] }>
>;

export interface Zoom {
  readonly isZoomed: boolean;
  /** What a relayout sets to give zoomed axes ticks that fit; empty when they do already. */
  readonly update: Json;
}

export function zoomOf(figure: Figure, layout: LiveLayout): Zoom {
  const axes = figure.panels.flatMap((_, panel) =>
    (["x", "y"] as const).map((letter) => {
      const live = layout[axisName(letter, panel)]!;
      const initial = ranges(figure, panel)[letter];
      return { name: axisName(letter, panel), live, initial, fitting: ticks(figure, panel, letter, live.range) };
    }),
  );
  const isZoomed = axes.some(({ live, initial }) =>
    // Plotly fits equal scales to whole pixels.
    initial.some((bound, end) => Math.abs(bound - live.range[end]!) > 1e-3 * Math.abs(initial[1] - initial[0])),
  );
  const stale = axes.filter(({ live, fitting }) => JSON.stringify(fitting.tickvals) !== JSON.stringify(live.tickvals));
  const entries = stale.flatMap(({ name, fitting }) => [
    [`${name}.tickvals`, fitting.tickvals],
    [`${name}.ticktext`, fitting.ticktext],
  ]);
  return { isZoomed, update: Object.fromEntries(entries) as Json };
}
