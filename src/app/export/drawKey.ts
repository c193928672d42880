// The key as SVG: the colour bar with its title and ticks, the colours of what it cannot hold, and the markers of points.
import type { ColourScale } from "../figures/figure.ts";
import { rampOf, shown } from "../figures/palette.ts";
import { colourTicks } from "../figures/scale.ts";
import { hollowWidth, rimWidthOf } from "./drawPoints.ts";
import { element } from "./element.ts";
import { keySwatch, type BarFrame, type KeyFrame, type KeyItem } from "./key.ts";
import { hatchId, type Ink } from "./ink.ts";
import { markerPath } from "./marker.ts";
import { text } from "./text.ts";

export function drawKey(ink: Ink, { bar, items }: KeyFrame): string {
  const scale = bar?.scale;
  return [bar ? drawBar(ink, bar) : "", ...items.map((item) => drawItem(ink, item, scale))].join("");
}

function drawBar(ink: Ink, bar: BarFrame): string {
  const { font } = ink.frame;
  const { left, top, width, height } = bar.box;
  const { stops } = rampOf(bar.scale.kind);
  const steps = stops.map((colour, index) =>
    element("stop", { offset: index / (stops.length - 1), "stop-color": colour }),
  );
  return [
    text(bar.titleLeft, bar.titleMiddle, bar.title, { size: font.tick, fill: ink.theme.text }),
    element("linearGradient", { id: `${ink.id}-ramp` }, ...steps),
    element("rect", { x: left, y: top, width, height, fill: `url(#${ink.id}-ramp)` }),
    ticks(ink, bar),
  ].join("");
}

function ticks({ theme, frame: { font } }: Ink, { scale, box: { left, top, width, height } }: BarFrame): string {
  return colourTicks(scale)
    .map(({ at, text: label }) => {
      const x = left + ((at - scale.low) / (scale.high - scale.low)) * width;
      const mark = element("line", { x1: x, x2: x, y1: top + height, y2: top + height + 3, stroke: theme.axis });
      return (
        mark +
        text(x, top + height + 3 + font.tick * 0.7, label, { size: font.tick, fill: theme.muted, anchor: "middle" })
      );
    })
    .join("");
}

function drawItem(ink: Ink, item: KeyItem, scale: ColourScale | undefined): string {
  const { font } = ink.frame;
  const label = { size: font.tick, fill: ink.theme.text };
  return (
    (item.trace ? marker(ink, item) : swatch(ink, item, scale!)) +
    text(item.left + keySwatch + 5, item.top + keySwatch / 2, item.text, label)
  );
}

function swatch(ink: Ink, { kind, left, top }: KeyItem, scale: ColourScale): string {
  const { under, over } = rampOf(scale.kind);
  const fills = { under, over, own: ink.theme.own, missing: `url(#${hatchId(ink)})`, points: undefined };
  return element("rect", { x: left, y: top, width: keySwatch, height: keySwatch, rx: 1.5, fill: fills[kind] });
}

/** At full strength and of one size, however faint and small the points are. */
function marker({ theme }: Ink, { kind, trace, left, top }: KeyItem): string {
  const d = markerPath(trace!.marker, left + keySwatch / 2, top + keySwatch / 2, 4);
  if (kind === "missing")
    return element("path", { d, fill: "none", stroke: theme.hatchLine, "stroke-width": hollowWidth });
  const rim = trace!.isMarked ? { stroke: theme.text, "stroke-width": rimWidthOf(trace!) } : {};
  return element("path", { d, fill: shown(trace!.colour as string, theme), ...rim });
}
