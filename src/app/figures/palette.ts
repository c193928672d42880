// Colours: classes, colour scales and the two chart themes, chosen for colour-blind readers and checked for contrast.
import type { ColourScale, LineTrace } from "./figure.ts";

/**
 * Okabe and Ito's eight colours, warm ones first, then three that stay apart from them; "#000000" means the ink of the
 * theme. A class keeps its colour by its number.
 */
const classColours = [
  "#d55e00",
  "#e69f00",
  "#cc79a7",
  "#000000",
  "#56b4e9",
  "#0072b2",
  "#009e73",
  "#f0e442",
  "#882255",
  "#8f8f8f",
] as const;
const markers = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star"] as const;
const dashes = ["solid", "dash", "dot", "dashdot"] as const;

export interface LineStyle {
  readonly colour: string;
  readonly dash: LineTrace["dash"];
  readonly marker: LineTrace["marker"];
}

export const classColour = (classIndex: number): string => classColours[classIndex % classColours.length]!;

/** Colour, dash and marker of a class: 4 dashes and 7 markers make 28 different pairs. */
export const classStyle = (classIndex: number): LineStyle => ({
  colour: classColour(classIndex),
  dash: dashes[classIndex % dashes.length]!,
  marker: markers[classIndex % markers.length]!,
});

/** Viridis, from 0 to 1. */
const viridis = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
] as const;
/** ColorBrewer's RdBu turned round and cut short, so that its darkest tones are left for what lies beyond the limits. */
const blueRed = [
  "#2166ac",
  "#4393c3",
  "#92c5de",
  "#d1e5f0",
  "#f7f7f7",
  "#fddbc7",
  "#f4a582",
  "#d6604d",
  "#b2182b",
] as const;

/** Even stops of a scale from its low to its high limit, and the colours beyond both. */
export interface Ramp {
  readonly stops: readonly string[];
  readonly under: string;
  readonly over: string;
}

/** Vermilion after yellow reads as "more than", and no colour-blind reader meets it within viridis. */
const ramps: Record<ColourScale["kind"], Ramp> = {
  sequential: { stops: viridis, under: "#2b0036", over: "#e8501a" },
  diverging: { stops: blueRed, under: "#04264c", over: "#5a0018" },
};
export const rampOf = (kind: ColourScale["kind"]): Ramp => ramps[kind];

export type Rgb = readonly [number, number, number];

/** @param hex "#rrggbb" */
export function rgbOf(hex: string): Rgb {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

const hexOf = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** Linear in sRGB, as Plotly mixes. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)];
  return hexOf([0, 1, 2].map((part) => a[part]! + (b[part]! - a[part]!) * share) as unknown as Rgb);
}

/** The colour of a value; undefined where it is NaN. */
export function colourOf(value: number, scale: ColourScale): string | undefined {
  const { stops, under, over } = ramps[scale.kind];
  if (Number.isNaN(value)) return undefined;
  if (value > scale.high) return over;
  if (value < scale.low) return under;
  const place = ((value - scale.low) / (scale.high - scale.low)) * (stops.length - 1);
  const stop = Math.min(Math.floor(place), stops.length - 2);
  return mix(stops[stop]!, stops[stop + 1]!, place - stop);
}

/** Finer than any eye tells. */
const stepCount = 250;

/** The colours of many values, each rounded to the nearest of 250 steps of the scale. [value] */
export function coloursOf(values: readonly number[], scale: ColourScale): (string | undefined)[] {
  const { low, high } = scale;
  const colours = new Map<number, string | undefined>();
  return values.map((value) => {
    if (!(value >= low && value <= high)) return colourOf(value, scale);
    const step = Math.round(((value - low) / (high - low)) * stepCount);
    if (!colours.has(step)) colours.set(step, colourOf(low + (step / stepCount) * (high - low), scale));
    return colours.get(step);
  });
}

/** Relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [red, green, blue] = rgbOf(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Black or white, whichever reads better on a colour: never below 4.58 to 1. */
export const textOn = (background: string): string =>
  contrast("#000000", background) >= contrast("#ffffff", background) ? "#000000" : "#ffffff";

export interface Theme {
  readonly name: "light" | "dark";
  /** What lies behind the chart, for contrast; the chart itself is transparent. */
  readonly paper: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly hatchLine: string;
  readonly hatchGround: string;
  /** Cells that are 1 by definition. */
  readonly own: string;
  /** Class colours that this theme shows otherwise: too little contrast. */
  readonly swaps: Readonly<Record<string, string>>;
}

export const lightTheme: Theme = {
  name: "light",
  paper: "#ffffff",
  text: "#1b1e23",
  muted: "#59606b",
  grid: "#e7e9ed",
  axis: "#aab1bc",
  hatchLine: "#a3abb7",
  hatchGround: "#f4f5f7",
  own: "#c3c8d0",
  swaps: { "#000000": "#23272e", "#f0e442": "#b0a300" },
};

export const darkTheme: Theme = {
  name: "dark",
  paper: "#16191f",
  text: "#eceef1",
  muted: "#a8afba",
  grid: "#2b303a",
  axis: "#5a6270",
  hatchLine: "#687180",
  hatchGround: "#21252d",
  own: "#4b525e",
  swaps: {
    "#000000": "#f1f3f5",
    "#0072b2": "#3b9bd9",
    "#882255": "#c65b93",
    "#009e73": "#19b98c",
    "#d55e00": "#ee7420",
  },
};

export const chartThemes = { light: lightTheme, dark: darkTheme } as const;

/** A class colour as this theme shows it. */
export const shown = (colour: string, theme: Theme): string => theme.swaps[colour] ?? colour;

/** A class colour moved towards the text colour until it can be read as text (4.5 to 1). */
export function readable(colour: string, theme: Theme): string {
  const start = shown(colour, theme);
  const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const share = shares.find((part) => contrast(mix(start, theme.text, part), theme.paper) >= 4.5) ?? 1;
  return mix(start, theme.text, share);
}
