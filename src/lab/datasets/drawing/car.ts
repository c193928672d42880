// A car: several bodies from the side, or one from the front.
import type { Pen } from "./canvas.ts";
import { darker, hex, lighter } from "./colour.ts";
import type { Path } from "./geometry.ts";
import { blob, box, ellipse, limb, polygon } from "./geometry.ts";
import { PART } from "./parts.ts";
import type { VehicleScene } from "./scene.ts";

export const CAR_MODELS = ["saloon", "hatchback", "van", "pickup", "beetle"] as const;

const TYRE = hex(0x44424f);
const HUB = hex(0xa9a8ae);

export function drawCar(pen: Pen, scene: VehicleScene): void {
  if (scene.view === "front") drawFront(pen, scene);
  else drawSide(pen, scene);
}

interface Body {
  readonly cabin: Path;
  readonly windows: readonly Path[];
  readonly hull: Path;
}

const lowHull = (front: number, bonnet: number): Path =>
  blob(
    [-44, 2],
    [-42, -4],
    [-20, -6],
    [20, bonnet],
    [39, bonnet + 3],
    [front, 6],
    [front, 14],
    [38, 17],
    [-40, 17],
    [-45, 13],
  );

/** Nose to the right; wheels stand on y = 22. */
function bodyOf(model: string, tall: number): Body {
  const roof = -17 - 5 * tall;
  switch (model) {
    case "hatchback":
      return {
        cabin: polygon([-42, -2], [-36, roof + 1], [-31, roof], [4, roof], [22, -3]),
        windows: [
          polygon([-37, -4], [-32, roof + 4], [-14, roof + 4], [-14, -4]),
          polygon([-10, -4], [-10, roof + 4], [2, roof + 4], [15, -4]),
        ],
        hull: lowHull(44, -4),
      };
    case "van":
      return {
        cabin: polygon([-44, 0], [-43, roof - 4], [-39, roof - 6], [22, roof - 6], [27, roof - 3], [38, -3], [38, 4]),
        windows: [
          polygon([13, -5], [13, roof - 1], [23, roof - 1], [31, -5]),
          box(-9, roof - 1, 9, -5),
          box(-35, roof - 1, -13, -5),
        ],
        hull: lowHull(44, -4),
      };
    case "pickup":
      return {
        cabin: polygon([-11, 0], [-9, roof - 1], [-6, roof - 2], [10, roof - 2], [25, -3]),
        windows: [polygon([-5, -5], [-5, roof + 2], [9, roof + 2], [18, -5])],
        hull: polygon(
          [-47, -6],
          [-43, -6],
          [-43, -4],
          [-11, -4],
          [24, -5],
          [42, -3],
          [46, 4],
          [46, 15],
          [44, 17],
          [-46, 17],
        ),
      };
    case "beetle":
      return {
        cabin: blob([-34, 4], [-28, roof + 6], [-8, roof - 2], [10, roof + 3], [24, 2]),
        windows: [
          blob([-25, -4], [-20, roof + 7], [-8, roof + 3], [-7, -4]),
          blob([-3, -4], [-3, roof + 3], [7, roof + 7], [14, -4]),
        ],
        hull: blob([-44, 10], [-38, -4], [-22, -8], [10, -6], [28, -7], [41, 2], [44, 12], [36, 17], [-38, 17]),
      };
    default:
      return {
        cabin: polygon([-34, -3], [-21, roof], [-18, roof - 1], [6, roof - 1], [10, roof], [25, -4]),
        windows: [
          polygon([-27, -4], [-18, roof + 3], [-6, roof + 3], [-6, -4]),
          polygon([-2, -4], [-2, roof + 3], [7, roof + 3], [18, -4]),
        ],
        hull: lowHull(45, -4),
      };
  }
}

function drawSide(pen: Pen, { livery, model, shape }: VehicleScene): void {
  const { main, accent, glass } = livery;
  const part = PART.body;
  const { cabin, windows, hull } = bodyOf(model, shape[0]);
  pen.fill(cabin, shape[2] < 0.3 ? accent : lighter(main, 0.1), { part: PART.glass });
  pen.fill(hull, main, { part });
  for (const window of windows) {
    pen.fill(window, glass, { part: PART.glass });
  }
  pen.fill(box(-60, 7, 60, 20), darker(main, 0.2), { on: part });
  if (shape[1] < 0.5) pen.fill(box(-60, 3, 60, 6.5), accent, { on: part });
  pen.fill(ellipse(41, 3, 4, 3.4), hex(0xfff3b8), { on: part });
  pen.fill(ellipse(-43, 2, 3.4, 3.4), hex(0xc4463e), { on: part });
  pen.fill(
    limb(
      [
        [-45, 15.5],
        [45, 15.5],
      ],
      1.8,
    ),
    darker(main, 0.45),
    { on: part },
  );
  for (const x of [-26, 26]) {
    pen.fill(ellipse(x, 15.5, 9.6), TYRE, { part: PART.wheels });
    pen.fill(ellipse(x, 15.5, 4.6), HUB, { part: PART.wheels });
  }
}

function drawFront(pen: Pen, { livery, shape, model }: VehicleScene): void {
  const { main, accent, glass } = livery;
  const part = PART.body;
  const roof = model === "van" ? -34 : -25 - 4 * shape[0];
  for (const x of [-23, 23])
    pen.fill(
      limb(
        [
          [x, 14],
          [x, 23],
        ],
        6,
      ),
      TYRE,
      { part: PART.wheels },
    );
  pen.fill(
    blob([-27, -4], [-20, roof + 2], [0, roof - 2], [20, roof + 2], [27, -4]),
    shape[2] < 0.3 ? accent : lighter(main, 0.1),
    { part },
  );
  pen.fill(polygon([-23, -4], [-17, roof + 5], [17, roof + 5], [23, -4]), glass, { part: PART.glass });
  pen.fill(polygon([-6, -4], [3, roof + 5], [9, roof + 5], [0, -4]), lighter(glass, 0.5), {
    on: PART.glass,
    alpha: 0.6,
  });
  pen.fill(blob([-33, 2], [-27, -6], [0, -8], [27, -6], [33, 2], [33, 15], [28, 19], [-28, 19], [-33, 15]), main, {
    part,
  });
  pen.fill(
    limb(
      [
        [-36, -7],
        [-32, -5],
      ],
      3.4,
    ),
    main,
    { part },
  );
  pen.fill(
    limb(
      [
        [36, -7],
        [32, -5],
      ],
      3.4,
    ),
    main,
    { part },
  );
  pen.fill(box(-40, 12, 40, 24), darker(main, 0.28), { on: part });
  for (const x of [-23, 23]) {
    pen.fill(ellipse(x, 3.5, 6.6), hex(0xfff3b8), { on: part });
    pen.fill(ellipse(x, 3.5, 3), hex(0xffffff), { on: part });
  }
  pen.fill(
    limb(
      [
        [-10, 4],
        [10, 4],
      ],
      3.6,
    ),
    hex(0x3a363f),
    { on: part },
  );
  pen.fill(box(-7, 13, 7, 17.5), hex(0xf4efe6), { on: part });
}
