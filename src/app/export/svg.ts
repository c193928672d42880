// A figure as an SVG file with real text: the instant first view on the page and the vector file of an export.
import { isHeatmap, isStrip, type Figure, type Panel } from "../figures/figure.ts";
import type { Theme } from "../figures/palette.ts";
import { drawAxes, drawMark } from "./drawAxes.ts";
import { drawFilm } from "./drawFilm.ts";
import { drawHeatmap } from "./drawHeatmap.ts";
import { drawKey } from "./drawKey.ts";
import { drawFaint, drawLines } from "./drawLines.ts";
import { drawPoints } from "./drawPoints.ts";
import { drawReferenceLabels, drawRules, drawSpans } from "./drawReferences.ts";
import { drawStrips, meanHeader } from "./drawStrips.ts";
import { element, escaped } from "./element.ts";
import { frameOf, type PanelFrame } from "./frame.ts";
import { hatchPattern } from "./hatch.ts";
import { clipId, hatchId, type Ink } from "./ink.ts";
import { lines, text } from "./text.ts";

/** What made the figure, as plain JSON data. */
export type Provenance = Readonly<Record<string, unknown>>;

export interface SvgOptions {
  readonly widthPx: number;
  readonly heightPx?: number | undefined;
  readonly theme: Theme;
  readonly fontFamily: string;
  /** Size of tick labels; the other sizes follow. */
  readonly fontPx?: number | undefined;
  /** Paints the paper; transparent otherwise. */
  readonly hasPaper?: boolean;
  readonly provenance?: Provenance | undefined;
  /** Starts the ids in the picture: unique on the page. */
  readonly id?: string;
  /** For a file rather than the page. */
  readonly isFile?: boolean;
  /** Titles and keys only: data and ticks are drawn by someone else on top. */
  readonly isFrameOnly?: boolean;
}

export function svgOf(figure: Figure, options: SvgOptions): string {
  const {
    widthPx,
    heightPx,
    theme,
    fontFamily,
    fontPx,
    hasPaper = false,
    provenance,
    id = figure.name,
    isFile = false,
    isFrameOnly = false,
  } = options;
  const frame = frameOf(figure, { widthPx, heightPx, fontPx });
  const ink: Ink = { figure, frame, theme, id, isFile, isFrameOnly };
  const size = { width: frame.width, height: Math.round(frame.height) };
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "font-family": fontFamily,
      // An attribute, for a strict content policy forbids style attributes.
      "font-variant": "tabular-nums",
    },
    element("title", {}, escaped(figure.title)),
    element("desc", {}, escaped(figure.caption)),
    provenance ? element("metadata", {}, escaped(JSON.stringify(provenance))) : "",
    element(
      "defs",
      {},
      hatchPattern(hatchId(ink), theme),
      ...frame.panels.map((panel, index) => clip(ink, panel, index)),
    ),
    hasPaper ? element("rect", { ...size, fill: theme.paper }) : "",
    ...figure.panels.map((panel, index) => drawPanel(ink, panel, index, frame.panels[index]!)),
    frame.key ? drawKey(ink, frame.key) : "",
  );
}

const clip = (ink: Ink, { plot: { left, top, width, height } }: PanelFrame, panel: number): string =>
  element(
    "clipPath",
    { id: clipId(ink, panel) },
    // Half a line's width of room: a line along the axis keeps its thickness.
    element("rect", { x: left - 1, y: top - 1, width: width + 2, height: height + 2 }),
  );

function drawPanel(ink: Ink, panel: Panel, index: number, frame: PanelFrame): string {
  return element("g", {}, panelTitle(ink, panel, frame), panelBody(ink, panel, index, frame), note(ink, panel, frame));
}

function panelTitle({ theme, frame: { font } }: Ink, { title }: Panel, frame: PanelFrame): string {
  const style = { size: font.panel, fill: theme.text, weight: 650 };
  return title === "" ? "" : text(frame.title.left, frame.title.middle, title, style);
}

function panelBody(ink: Ink, panel: Panel, index: number, frame: PanelFrame): string {
  const here = ink.figure.traces.filter((trace) => trace.panel === index);
  if (!panel.x || !panel.y)
    return here
      .filter(isHeatmap)
      .map((trace) => drawHeatmap(ink, trace, panel, frame))
      .join("");
  const axes = { x: panel.x, y: panel.y };
  const hasAxes = panel.view !== "equal";
  const frameOfAxes = hasAxes ? drawAxes(ink, panel, frame, here.some(isStrip) ? "bars" : "lines") : "";
  const film = panel.film ? drawFilm(ink, panel.film, frame) : "";
  if (ink.isFrameOnly) return frameOfAxes + film + meanHeader(ink, here.filter(isStrip), frame.plot);
  const { mark } = ink.figure;
  const [ground, labels] = [drawSpans(ink, panel, axes, frame), drawReferenceLabels(ink, panel, axes, frame)];
  const rules = drawRules(ink, panel, axes, frame);
  if (here.some(isStrip)) return [ground, frameOfAxes, rules, drawStrips(ink, index, axes, frame), labels].join("");
  return [
    ground,
    frameOfAxes,
    film,
    rules,
    mark === undefined ? "" : drawMark(ink, index, axes, frame, mark),
    drawFaint(ink, index, axes, frame),
    drawPoints(ink, index, axes, frame),
    drawLines(ink, index, axes, frame),
    labels,
  ].join("");
}

function note({ theme, frame: { font } }: Ink, { note: content, x }: Panel, { plot }: PanelFrame): string {
  if (content === undefined) return "";
  const ground = x
    ? ""
    : element("rect", {
        x: plot.left,
        y: plot.top,
        width: plot.width,
        height: plot.height,
        rx: 3,
        fill: theme.hatchGround,
      });
  const rows = lines(content, font.panel, plot.width * 0.9);
  const middle = plot.top + plot.height / 2;
  const style = { size: font.panel, fill: theme.muted, anchor: "middle" as const };
  const words = rows.map((row, index) =>
    text(plot.left + plot.width / 2, middle + (index - (rows.length - 1) / 2) * font.panel * 1.4, row, style),
  );
  return ground + words.join("");
}
