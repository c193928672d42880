// A ship: a sailing boat, a square-rigger or a steamer, always from the side.
import type { Pen } from "./canvas.ts";
import { darker, hex, lighter } from "./colour.ts";
import { blob, box, curve, ellipse, limb, polygon } from "./geometry.ts";
import { PART } from "./parts.ts";
import type { VehicleScene } from "./scene.ts";

export const SHIP_MODELS = ["sloop", "square-rigger", "steamer", "liner"] as const;

const SAIL = hex(0xf7efdf);
const WOOD = hex(0x6b4630);

export function drawShip(pen: Pen, scene: VehicleScene): void {
  if (scene.model === "sloop") drawSloop(pen, scene);
  else if (scene.model === "square-rigger") drawSquareRigger(pen, scene);
  else drawSteamer(pen, scene);
}

function drawHull(pen: Pen, { livery }: VehicleScene, half: number, deck: number, keel: number, rake: number): void {
  const part = PART.body;
  const hull = polygon(
    [-half, deck - 1],
    [half + rake, deck - 4],
    [half - 3, keel - 4],
    [half - 9, keel],
    [-half + 9, keel],
    [-half + 4, keel - 4],
  );
  pen.fill(hull, livery.main, { part });
  pen.fill(box(-80, keel - 5.5, 80, keel + 2), darker(livery.main, 0.4), { on: part });
  pen.fill(box(-80, deck - 6, 80, deck + 2.5), livery.accent, { on: part });
}

function drawSloop(pen: Pen, scene: VehicleScene): void {
  const { livery, shape } = scene;
  const part = PART.glass;
  const top = -42 - 6 * shape[0];
  const half = 28 + 6 * shape[1];
  drawHull(pen, scene, half, 20, 35, 7);
  const mast = -2;
  pen.fill(
    limb(
      [
        [mast, 19],
        [mast, top],
      ],
      1.7,
    ),
    WOOD,
    { part },
  );
  pen.fill(blob([mast + 4, top + 4], [mast + 14, -12], [mast + half - 1, 13], [mast + 4, 13]), SAIL, { part });
  pen.fill(
    polygon([mast - 4, top + 8], [mast - 4, 13], [mast - half + 5, 13]),
    shape[2] < 0.5 ? lighter(livery.accent, 0.1) : darker(SAIL, 0.12),
    { part },
  );
  pen.fill(polygon([mast, top - 6], [mast, top + 2], [mast - 10, top - 2]), livery.accent, { part });
}

function drawSquareRigger(pen: Pen, scene: VehicleScene): void {
  const { livery, shape } = scene;
  const part = PART.glass;
  const half = 36 + 4 * shape[0];
  pen.fill(
    limb(
      [
        [half, 14],
        [half + 14, 5],
      ],
      1.8,
    ),
    WOOD,
    { part },
  );
  drawHull(pen, scene, half, 18, 34, 6);
  pen.fill(polygon([-half, 18], [-half - 3, 8], [-half + 16, 8], [-half + 18, 18]), darker(livery.main, 0.18), {
    part: PART.body,
  });
  for (const mast of [-16, 13]) {
    const tall = mast > 0 ? 0 : 4 * shape[1];
    pen.fill(
      limb(
        [
          [mast, 18],
          [mast, -36 - tall],
        ],
        1.7,
      ),
      WOOD,
      { part },
    );
    pen.fill(
      blob([mast - 12, -6], [mast + 12, -6], [mast + 16, 5], [mast + 13, 13], [mast - 11, 13], [mast - 7, 4]),
      SAIL,
      { part },
    );
    pen.fill(
      blob(
        [mast - 9, -29 - tall],
        [mast + 9, -29 - tall],
        [mast + 12, -19],
        [mast + 11, -9.5],
        [mast - 9, -9.5],
        [mast - 5, -19],
      ),
      mast > 0 && shape[2] < 0.5 ? lighter(livery.accent, 0.15) : darker(SAIL, 0.08),
      { part },
    );
    pen.fill(polygon([mast, -42 - tall], [mast, -35 - tall], [mast - 9, -38 - tall]), livery.accent, { part });
  }
}

function drawSteamer(pen: Pen, scene: VehicleScene): void {
  const { livery, shape, model } = scene;
  const liner = model === "liner";
  const half = liner ? 43 : 36 + 4 * shape[0];
  const part = PART.glass;
  const white = hex(0xf4efe6);
  const deck = 13;
  const funnels = liner ? 3 : 1 + Math.round(shape[1]);
  const roof = liner ? -4 : -9;
  for (let at = 0; at < funnels; at++) {
    const x = (liner ? -22 : funnels === 1 ? -8 : -17) + at * (liner ? 17 : 18);
    const width = liner ? 4.6 : 6;
    const top = roof - (liner ? 18 : 19) - 3 * shape[2];
    pen.fill(polygon([x - width, top], [x + width, top], [x + width, roof + 4], [x - width, roof + 4]), livery.accent, {
      part: PART.legs,
    });
    pen.fill(box(x - width - 1, top, x + width + 1, top + 5), hex(0x3a343c), { on: PART.legs });
    pen.fill(box(x - width, top, x - width * 0.3, roof + 4), lighter(livery.accent, 0.35), {
      on: PART.legs,
      alpha: 0.5,
    });
    if (at === 0)
      for (const [dx, dy, r] of [
        [-4, -6, 4.6],
        [-11, -11, 5.6],
      ] as const)
        pen.fill(ellipse(x + dx, top + dy, r), hex(0xe6e2e4), { alpha: 0.75 });
  }
  pen.fill(box(-half * 0.66, roof + 8, half * 0.66, deck + 2), white, { part });
  pen.fill(box(-half * 0.5, roof, half * 0.52, roof + 9), darker(white, 0.08), { part });
  if (!liner) pen.fill(box(half * 0.2, roof - 9, half * 0.5, roof + 2), white, { part });
  for (let x = -half * 0.56; x < half * 0.6; x += 7.6) pen.fill(ellipse(x, deck - 4, 2.1), livery.glass, { on: part });
  if (!liner) pen.fill(box(half * 0.27, roof - 6, half * 0.5, roof - 2), livery.glass, { on: part });
  drawHull(pen, scene, half, deck, 34, 6);
  pen.fill(limb(curve([half - 4, deck - 3], [half - 4, deck - 22]), 1.2), hex(0x5a4a48), { part });
}
