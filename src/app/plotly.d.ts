// The little of Plotly that src/app/plot.tsx uses; the package brings no types of its own.
declare module "plotly.js-cartesian-dist-min" {
  /** Traces and layouts are JSON for Plotly to check. */
  export type Json = Readonly<Record<string, unknown>>;

  export interface PickedPoint {
    readonly curveNumber: number;
    readonly pointNumber: number | readonly number[];
    readonly x: number;
    readonly y: number;
  }

  export interface PlotlyElement extends HTMLElement {
    /** Axes by name, as they are now. */
    readonly layout: Readonly<
      Record<string, { readonly range: [number, number]; readonly tickvals?: readonly number[] }>
    >;
    on(event: "plotly_click", listener: (event: { readonly points: readonly PickedPoint[] }) => void): void;
    on(event: "plotly_relayout", listener: (event: Json) => void): void;
    removeAllListeners(event: string): void;
  }

  export interface PlotlyModule {
    react(host: HTMLElement, traces: readonly Json[], layout: Json, config: Json): Promise<PlotlyElement>;
    relayout(host: HTMLElement, update: Json): Promise<PlotlyElement>;
    purge(host: HTMLElement): void;
  }

  const plotly: PlotlyModule;
  export default plotly;
}
