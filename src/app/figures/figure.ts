// A figure as plain data: traces and layout that Plotly draws and our own writer prints, and the very rows that are plotted.

export interface AxisRef {
  /** Number of the panel, from 0; panels lie side by side or one below the other. */
  readonly panel: number;
}

/** A matrix of coloured cells, row 0 at the top. */
export interface HeatmapTrace extends AxisRef {
  readonly type: "heatmap";
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [row][column]; NaN is drawn with the hatch of "not measurable". */
  readonly values: readonly (readonly number[])[];
  /** Shown in the cell when it is large enough. */
  readonly labels?: readonly (readonly string[])[];
  /** Shown on hover. */
  readonly hover?: readonly (readonly string[])[];
  readonly scale: { readonly kind: "sequential" | "diverging"; readonly low: number; readonly high: number };
  readonly colourTitle: string;
  /** Lengths of runs of rows and columns of the same class: strips beside the axes, in class colours. */
  readonly strips?: {
    readonly rows: readonly { readonly title: string; readonly count: number; readonly colour: string }[];
    readonly columns: readonly { readonly title: string; readonly count: number; readonly colour: string }[];
  };
}

export interface LineTrace extends AxisRef {
  readonly type: "line";
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A band around the line. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly colour: string;
  readonly dash: "solid" | "dash" | "dot" | "dashdot";
  readonly marker: "circle" | "square" | "diamond" | "triangle-up" | "cross" | "x" | "star" | "none";
  /** Faint lines are drawn thin and left out of the legend. */
  readonly faint?: boolean;
  readonly hover?: readonly string[];
}

/** Points along one category each, with the mean as a bar. */
export interface StripTrace extends AxisRef {
  readonly type: "strip";
  readonly title: string;
  readonly category: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly points: readonly number[];
  /** What a click on a point means to the page, for instance example numbers. [point] */
  readonly ids: readonly number[];
  readonly colour: string;
  readonly hover?: readonly string[];
}

export type Trace = HeatmapTrace | LineTrace | StripTrace;

export interface Axis {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

export interface Panel {
  readonly title: string;
  /** Absent for heatmaps, whose axes are their rows and columns. */
  readonly x?: Axis;
  readonly y?: Axis;
  /** Titles of the axes of a heatmap panel. */
  readonly rowTitle?: string;
  readonly columnTitle?: string;
}

export interface Figure {
  /** Stem of exported files, for instance "class-heatmap". */
  readonly name: string;
  readonly title: string;
  /** Two or three sentences: what is shown, n, statistic, scale. */
  readonly caption: string;
  readonly arrangement: "row" | "column";
  readonly panels: readonly Panel[];
  readonly traces: readonly Trace[];
  /** A moment marked on every panel with an x axis, for instance the epoch that the page is scrubbed to. */
  readonly mark?: number;
  /** Exactly what is plotted, tidy: one observation a row, and what each column means. */
  readonly data: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly (string | number)[])[];
    readonly dictionary: Readonly<Record<string, string>>;
  };
}
