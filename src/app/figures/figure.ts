// A figure as plain data: traces and layout that Plotly draws and our own writer prints, and the very rows that are plotted.

interface AxisRef {
  /** Number of the panel, from 0; panels lie side by side or one below the other. */
  readonly panel: number;
}

/** The limits of a colour scale; values beyond them get colours of their own. */
export interface ColourScale {
  readonly kind: "sequential" | "diverging";
  readonly low: number;
  readonly high: number;
}

/** A run of neighbouring rows or columns of the same class. */
export interface ClassRun {
  readonly title: string;
  readonly count: number;
  readonly colour: string;
}

/** A matrix of coloured cells, row 0 at the top. */
export interface HeatmapTrace extends AxisRef {
  readonly type: "heatmap";
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** What rows and columns mean to the page: class numbers or example numbers. */
  readonly rowIds: readonly number[];
  readonly columnIds: readonly number[];
  /** [row][column]; NaN is drawn with a hatch. */
  readonly values: readonly (readonly number[])[];
  /** What the hatch means, where it is not that a cell is not measurable. */
  readonly missing?: string;
  /** Shown in the cell when it is large enough. */
  readonly labels?: readonly (readonly string[])[];
  /** Shown on hover and read out; otherwise the value is. */
  readonly hover?: readonly (readonly string[])[];
  /** [row, column] of cells that are 1 by definition (an image with itself): greyed. */
  readonly own?: readonly (readonly [number, number])[];
  readonly scale: ColourScale;
  readonly colourTitle: string;
  /** Strips beside the axes, in class colours, whose titles stand for the many row and column names. */
  readonly strips?: { readonly rows: readonly ClassRun[]; readonly columns: readonly ClassRun[] };
}

export type Marker = "circle" | "square" | "diamond" | "triangle-up" | "cross" | "x" | "star";

export interface LineTrace extends AxisRef {
  readonly type: "line";
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A band around the line. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly colour: string;
  readonly dash: "solid" | "dash" | "dot" | "dashdot";
  readonly marker: Marker | "none";
  /** Faint lines are drawn thin and beneath everything else, and get no label. */
  readonly faint?: boolean;
  readonly hover?: readonly string[];
}

/** Points along one category of the y axis, with the mean as a bar from 0 and an interval. */
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
  /** Of a point, by its place. */
  readonly hover?: (point: number) => string;
}

/** Points by the numbers of both axes, or of a cloud that was projected beforehand. */
export interface PointsTrace extends AxisRef {
  readonly type: "points";
  /** Stands in the key beside the marker, unless it is empty or the colours tell numbers. */
  readonly title: string;
  /** A point that is NaN in either is left out. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** What a click on a point means to the page, for instance example numbers. [point] */
  readonly ids: readonly number[];
  /** Shown on hover and read out; otherwise the numbers are. */
  readonly hover?: readonly string[];
  /** One for all points, or one by a number each. */
  readonly colour: string | PointColours;
  readonly marker: Marker;
  /** In pixels at the page's size of type. */
  readonly radius: number;
  /** 1 unless given; low where thousands of points are to show how dense they lie. */
  readonly opacity?: number;
  /** Points of greater depth are nearer to the reader and drawn over the others; otherwise later ones are. [point] */
  readonly depth?: readonly number[];
  /** The point with this id gets a ring. */
  readonly picked?: number;
  /** All points are rimmed with ink rather than with paper: they are what the reader looks for. */
  readonly isMarked?: boolean;
  readonly names?: PointNames;
}

/** Written beside the points, all on one side of them. */
export interface PointNames {
  readonly side: "above" | "below" | "left" | "right";
  /** [point] */
  readonly texts: readonly string[];
}

/** The key of a figure explains one scale: all that is coloured by numbers in it shares scale and title. */
export interface PointColours {
  /** [point]; NaN is drawn hollow and grey. */
  readonly values: readonly number[];
  /** What hollow means, where it is not that a point is not measurable. */
  readonly missing?: string;
  readonly scale: ColourScale;
  readonly title: string;
}

export type Trace = HeatmapTrace | LineTrace | StripTrace | PointsTrace;

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Axis {
  readonly title: string;
  /** `low` lies left or at the bottom; an axis whose `low` is greater runs the other way. */
  readonly low: number;
  readonly high: number;
  /** A tick without text is a mark only. */
  readonly ticks: readonly Tick[];
  /** Linear unless given; a logarithmic axis has limits above 0, and no place for what is not. */
  readonly scale?: "linear" | "log";
}

/** A shaded stretch of an axis, for instance a plateau. */
export interface Span {
  readonly axis: "x" | "y";
  readonly from: number;
  readonly to: number;
  /** Written within where there is room. */
  readonly title: string;
}

/** A dotted line across the panel at one value of an axis. */
export interface Rule {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly title: string;
}

/** Small pictures in a row below the x axis, evenly spaced along it. */
export interface Film {
  /** [rows, columns, channels] */
  readonly shape: readonly [number, number, number];
  /** Bytes. [picture][row, column, channel] */
  readonly pictures: readonly Uint8Array[];
  /** The picture that is shown whatever the room. */
  readonly home: number;
}

export interface Panel {
  readonly title: string;
  /** Equal: x and y have one scale and no ticks, for clouds of points and their reference lines. */
  readonly view?: "equal";
  /** Absent for heatmaps, whose axes are their rows and columns. */
  readonly x?: Axis;
  readonly y?: Axis;
  readonly film?: Film;
  /** What the reader compares with; for panels with axes. */
  readonly spans?: readonly Span[];
  readonly rules?: readonly Rule[];
  /** Titles of the axes of a heatmap panel. */
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** Said in the middle of a panel that has nothing to show yet. */
  readonly note?: string;
}

/** Exactly what is plotted, tidy: one observation a row, and what each column means. */
export interface FigureData {
  readonly columns: readonly string[];
  /** A value that could not be measured is the empty string. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly dictionary: Readonly<Record<string, string>>;
}

export type Arrangement = "row" | "column";

export interface Figure {
  /** Stem of exported files, for instance "class-heatmap". */
  readonly name: string;
  readonly title: string;
  /** Two or three sentences: what is shown, n, statistic, scale. */
  readonly caption: string;
  readonly arrangement: Arrangement;
  readonly panels: readonly Panel[];
  readonly traces: readonly Trace[];
  /** A moment marked on every panel of lines, for instance the epoch that the page is scrubbed to. */
  readonly mark?: number;
  /** What the mark is called, where that is not the axis and the number. */
  readonly markTitle?: string;
  /** Made when asked for: an image heatmap has ten thousands of rows, and is drawn far more often than exported. */
  readonly data: () => FigureData;
}

export const isHeatmap = (trace: Trace): trace is HeatmapTrace => trace.type === "heatmap";
export const isLine = (trace: Trace): trace is LineTrace => trace.type === "line";
export const isStrip = (trace: Trace): trace is StripTrace => trace.type === "strip";
export const isPoints = (trace: Trace): trace is PointsTrace => trace.type === "points";

/** A number for the tidy rows: blank where nothing could be measured. */
export const blankIfNaN = (value: number): number | string => (Number.isNaN(value) ? "" : value);
