// A plane: an airliner or a propeller plane, from the side or from above.
import type { Pen } from "./canvas.ts";
import { darker, hex, lighter } from "./colour.ts";
import { blob, box, ellipse, limb, polygon, radians, rotation } from "./geometry.ts";
import { PART } from "./parts.ts";
import type { VehicleScene } from "./scene.ts";

export const PLANE_MODELS = ["airliner", "propeller"] as const;

const METAL = hex(0x6d7078);

export function drawPlane(pen: Pen, scene: VehicleScene): void {
  if (scene.view === "above") drawAbove(pen.within(rotation(radians(-45))), scene);
  else if (scene.model === "propeller") drawPropeller(pen, scene);
  else drawAirliner(pen, scene);
}

function drawAirliner(pen: Pen, { livery, shape }: VehicleScene): void {
  const { main, accent, glass } = livery;
  const long = 44 + 5 * shape[0];
  const tall = 10.5 + 2.5 * shape[1];
  const part = PART.body;
  // Far wing and tailplane, then the hull, then what is near.
  pen.fill(polygon([6, -tall * 0.5], [-14, -24], [-21, -24], [-9, -tall * 0.5]), darker(main, 0.34), { part });
  pen.fill(polygon([-long + 16, -tall * 0.6], [-long + 1, -26], [-long - 7, -26], [-long + 1, -2]), accent, { part });
  const hull = blob(
    [long, 2],
    [long - 9, -tall * 0.72],
    [18, -tall],
    [-20, -tall],
    [-long, -tall * 0.7],
    [-long - 2, -tall * 0.35],
    [-16, tall * 0.85],
    [20, tall],
    [long - 8, tall * 0.8],
  );
  pen.fill(hull, main, { part });
  pen.fill(box(-60, tall * 0.34, 60, tall * 1.4), darker(main, 0.16), { on: part });
  pen.fill(box(-60, tall * 0.12, 60, tall * 0.42), accent, { on: part });
  pen.fill(polygon([long - 12, -tall * 0.66], [long + 2, -tall * 0.05], [long - 13, -tall * 0.05]), glass, {
    on: part,
  });
  for (let x = -long + 20; x < long - 18; x += 7.4) pen.fill(ellipse(x, -tall * 0.36, 1.9, 2), glass, { on: part });
  pen.fill(
    polygon([-long + 11, -tall * 0.3], [-long - 6, 4], [-long - 11, 4], [-long, -tall * 0.4]),
    darker(accent, 0.2),
    { part },
  );
  pen.fill(
    limb(
      [
        [2, tall * 0.9 + 5],
        [13, tall * 0.9 + 5],
      ],
      4.4,
      4.8,
    ),
    METAL,
    { part },
  );
  pen.fill(polygon([13, tall * 0.34], [-10, 27], [-21, 27], [-11, tall * 0.34]), lighter(main, 0.25), { part });
  pen.fill(polygon([-10, 27], [-21, 27], [-19.6, 23], [-6.6, 23]), accent, { part });
}

function drawPropeller(pen: Pen, { livery, shape }: VehicleScene): void {
  const { main, accent, glass } = livery;
  const tall = 11 + 2.5 * shape[1];
  const part = PART.body;
  pen.fill(polygon([-31, -4], [-39, -24 - 4 * shape[0]], [-48, -24 - 4 * shape[0]], [-47, 0]), accent, { part });
  pen.fill(
    blob(
      [40, 0],
      [34, -tall * 0.8],
      [10, -tall],
      [-20, -tall * 0.7],
      [-47, -4],
      [-47, 3],
      [-16, tall * 0.9],
      [20, tall],
      [36, tall * 0.7],
    ),
    main,
    { part },
  );
  pen.fill(box(-60, tall * 0.35, 60, tall * 1.4), darker(main, 0.16), { on: part });
  pen.fill(blob([18, -tall * 0.9], [9, -tall - 8.5], [-5, -tall - 8], [-13, -tall * 0.75]), glass, { part });
  pen.fill(
    limb(
      [
        [-40, -3],
        [-52, -5],
      ],
      3.2,
      2.6,
    ),
    darker(accent, 0.15),
    { part },
  );
  pen.fill(
    limb(
      [
        [16, 1],
        [-13, 6],
      ],
      5.4,
      4,
    ),
    lighter(main, 0.3),
    { part },
  );
  pen.fill(
    limb(
      [
        [-8, 5.2],
        [-13, 6],
      ],
      4.4,
      4,
    ),
    accent,
    { part },
  );
  pen.fill(
    limb(
      [
        [15, tall],
        [18, tall + 7],
      ],
      2.2,
    ),
    METAL,
    { part },
  );
  pen.fill(ellipse(18, tall + 8, 5.4), hex(0x4c4a58), { part });
  pen.fill(ellipse(40, 0, 5, 5.4), accent, { part });
  drawPropellerDisc(pen, 44, 18);
}

/** Nose to the right. */
function drawAbove(pen: Pen, { livery, shape, model }: VehicleScene): void {
  const { main, accent, glass } = livery;
  const part = PART.body;
  const span = 40 + 6 * shape[0];
  const sweep = model === "propeller" ? 2 : 16 + 6 * shape[1];
  const wing = lighter(main, 0.12);
  for (const side of [-1, 1]) {
    const tone = side < 0 ? wing : darker(main, 0.2);
    if (model === "airliner")
      pen.fill(
        limb(
          [
            [4 - sweep * 0.3, side * span * 0.46],
            [16 - sweep * 0.3, side * span * 0.46],
          ],
          4,
        ),
        METAL,
        { part },
      );
    pen.fill(polygon([17, 0], [8 - sweep, side * span], [-2 - sweep, side * span], [-9, 0]), tone, { part });
    pen.fill(
      polygon(
        [10 - sweep, side * span * 0.86],
        [8 - sweep, side * (span + 1)],
        [-2 - sweep, side * (span + 1)],
        [-3 - sweep * 0.86, side * span * 0.86],
      ),
      accent,
      { part },
    );
    pen.fill(polygon([-30, 0], [-41, side * 17], [-48, side * 17], [-44, 0]), side < 0 ? accent : darker(accent, 0.2), {
      part,
    });
  }
  pen.fill(
    blob([46, 0], [38, -6], [12, -7.4], [-24, -6], [-49, -1.5], [-49, 1.5], [-24, 6], [12, 7.4], [38, 6]),
    main,
    { part },
  );
  pen.fill(box(-60, 1.5, 60, 9), darker(main, 0.14), { on: part, alpha: 0.4 });
  pen.fill(
    limb(
      [
        [-34, 0],
        [-50, 0],
      ],
      1.6,
      2.2,
    ),
    darker(accent, 0.25),
    { part },
  );
  pen.fill(polygon([38, -4.4], [33, -5.4], [33, 5.4], [38, 4.4]), glass, { on: part });
  if (model === "propeller") {
    pen.fill(ellipse(45, 0, 4), accent, { part });
    drawPropellerDisc(pen, 48, 13);
    pen.fill(ellipse(14, 0, 8, 4.4), glass, { on: part });
  }
}

/** Blades that turn too fast to be seen one by one. */
function drawPropellerDisc(pen: Pen, x: number, half: number): void {
  pen.fill(ellipse(x, 0, 3.4, half), hex(0x5b5a68), { alpha: 0.45 });
  pen.fill(ellipse(x, 0, 1.5, half * 0.94), hex(0xf6f3ee), { alpha: 0.55 });
}
