// The key of heatmaps as SVG: the colour bar with its title and ticks, and the colours of what it cannot hold.
import { isHeatmap, type ColourScale } from "../figures/figure.ts";
import { rampOf } from "../figures/palette.ts";
import { colourTicks } from "../figures/scale.ts";
import { element } from "./element.ts";
import { keyItemTop, keySwatch, type KeyFrame, type KeyItem } from "./key.ts";
import { hatchId, type Ink } from "./ink.ts";
import { text } from "./text.ts";

export function drawKey(ink: Ink, key: KeyFrame): string {
  const trace = ink.figure.traces.find(isHeatmap)!;
  const { font } = ink.frame;
  const isStacked = key.titleWidth === 0;
  const titleY = isStacked ? key.box.top + font.tick * 0.6 : key.bar.top + key.bar.height / 2;
  const titleX = isStacked ? key.bar.left : key.box.left;
  return [
    text(titleX, titleY, trace.colourTitle, { size: font.tick, fill: ink.theme.text }),
    bar(ink, trace.scale, key),
    ticks(ink, trace.scale, key),
    ...key.items.map((item) => swatch(ink, trace.scale, key, item)),
  ].join("");
}

function bar({ id }: Ink, scale: ColourScale, { bar: { left, top, width, height } }: KeyFrame): string {
  const { stops } = rampOf(scale.kind);
  const steps = stops.map((colour, index) =>
    element("stop", { offset: index / (stops.length - 1), "stop-color": colour }),
  );
  return (
    element("linearGradient", { id: `${id}-ramp` }, ...steps) +
    element("rect", { x: left, y: top, width, height, fill: `url(#${id}-ramp)` })
  );
}

function ticks(
  { theme, frame: { font } }: Ink,
  scale: ColourScale,
  { bar: { left, top, width, height } }: KeyFrame,
): string {
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

function swatch(ink: Ink, scale: ColourScale, key: KeyFrame, item: KeyItem): string {
  const { font } = ink.frame;
  const { under, over } = rampOf(scale.kind);
  const fill = { under, over, own: ink.theme.own, missing: `url(#${hatchId(ink)})` }[item.kind];
  const top = keyItemTop(key, item, font.tick);
  const label = { size: font.tick, fill: ink.theme.text };
  return (
    element("rect", { x: item.left, y: top, width: keySwatch, height: keySwatch, rx: 1.5, fill }) +
    text(item.left + keySwatch + 5, top + keySwatch / 2, item.text, label)
  );
}
