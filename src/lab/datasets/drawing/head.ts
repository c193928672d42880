// A head: skull, ears, mane, muzzle and eyes of any of the four animals, turned as the pose says.
import type { Pen } from "./canvas.ts";
import { brightness, darker, hex, lighter, mix } from "./colour.ts";
import type { Point } from "./geometry.ts";
import { blob, compose, ellipse, limb, polygon, radians, rotation, scaling, translation } from "./geometry.ts";
import type { AnimalId, AnimalScene, Coat } from "./scene.ts";
import { PART } from "./parts.ts";
import { stripeColour, stripeInk } from "./stripes.ts";

interface HeadShape {
  /** How far the muzzle stands out, in head radii. */
  readonly muzzle: number;
  readonly muzzleWidth: number;
  readonly cheek: number;
  readonly eye: number;
  readonly ear: number;
}

const SHAPES: Readonly<Record<AnimalId, HeadShape>> = {
  tiger: { muzzle: 0.2, muzzleWidth: 0.42, cheek: 1.06, eye: 0.13, ear: 1 },
  lion: { muzzle: 0.24, muzzleWidth: 0.44, cheek: 1, eye: 0.13, ear: 0.95 },
  cat: { muzzle: 0.02, muzzleWidth: 0.3, cheek: 1.08, eye: 0.18, ear: 1.05 },
  dog: { muzzle: 0.62, muzzleWidth: 0.52, cheek: 0.9, eye: 0.14, ear: 1.05 },
};

const INK = hex(0x2a1d20);
const AMBER = hex(0xf0c84e);
const TONGUE = hex(0xe58a8a);

/** Draws the head in coordinates of its own, radius 1 around `at`; it looks to the right as the yaw grows. */
export function drawHead(body: Pen, at: Point, radius: number, scene: AnimalScene): void {
  const { yaw, tilt } = scene.pose;
  const turn = yaw * radians(72);
  const affine = compose(translation(at[0], at[1]), compose(rotation(radians(tilt)), scaling(radius)));
  const pen = body.within(affine);
  // A soft shadow on the body keeps the head apart from a coat of the same colour.
  pen.fill(ellipse(-0.05, 0.2, 1.12, 1.05), darker(scene.coat.main, 0.5), { on: PART.body | PART.legs, alpha: 0.55 });
  if (scene.mane !== undefined) drawMane(pen, turn, scene.mane);
  drawEars(pen, turn, scene, false);
  drawSkull(pen, turn, scene);
  drawFaceMarks(pen, turn, scene);
  drawMuzzle(pen, turn, scene);
  drawEyes(pen, turn, scene);
  drawEars(pen, turn, scene, true);
}

function drawMane(pen: Pen, turn: number, mane: number): void {
  const shift = -0.28 * Math.sin(turn);
  const petals = 11;
  for (let petal = 0; petal < petals; petal++) {
    const angle = (2 * Math.PI * (petal + 0.25)) / petals;
    const path = ellipse(shift + 1.22 * Math.cos(angle), 0.14 + 1.22 * Math.sin(angle), 0.46);
    pen.fill(path, mane, { part: PART.mane });
  }
  pen.fill(ellipse(shift, 0.14, 1.3), mane, { part: PART.mane });
  pen.fill(ellipse(shift * 0.6, 0.1, 1.17), lighter(mane, 0.14), { part: PART.mane });
}

function drawSkull(pen: Pen, turn: number, { classId, coat }: AnimalScene): void {
  const { cheek } = SHAPES[classId];
  pen.fill(
    blob(
      [0, -0.94],
      [0.66, -0.74],
      [0.97, -0.1],
      [cheek * 0.86, 0.5],
      [0, 0.9],
      [-cheek * 0.86, 0.5],
      [-0.97, -0.1],
      [-0.66, -0.74],
    ),
    coat.main,
    { part: PART.head },
  );
  // The lit side of the face.
  pen.fill(ellipse(0.1 + 0.3 * Math.sin(turn), -0.35, 0.6, 0.42), lighter(coat.main, 0.14), {
    on: PART.head,
    alpha: 0.7,
  });
}

/** Where something at `longitude` on the face and as far out as `out` is seen. */
const across = (turn: number, longitude: number, out = 0.9): number => out * Math.sin(turn + radians(longitude));

function drawFaceMarks(pen: Pen, turn: number, scene: AnimalScene): void {
  const { classId, coat, stripes } = scene;
  if (classId === "tiger" || classId === "cat")
    for (const side of [-1, 1])
      pen.fill(
        ellipse(across(turn, side * 46, 0.78), 0.46, 0.36 * Math.abs(Math.cos(turn + radians(side * 40))) + 0.06, 0.3),
        coat.light,
        {
          on: PART.head,
          alpha: classId === "tiger" ? 1 : 0.45,
        },
      );
  if (classId === "tiger")
    for (const side of [-1, 1])
      pen.fill(ellipse(across(turn, side * 27), -0.3, 0.2, 0.13), coat.light, { on: PART.head });
  if (stripes === "none") return;
  const bold = stripes === "bold";
  const colour = stripeColour(stripes, coat);
  const ink = { on: PART.head, ...stripeInk(scene) };
  const width = bold ? 0.1 : 0.08;
  const middle = across(turn, 0);
  pen.fill(
    limb(
      [
        [middle * 0.8, -1],
        [middle, -0.42],
      ],
      width * 1.2,
      0.04,
    ),
    colour,
    ink,
  );
  for (const side of [-1, 1]) {
    const x = across(turn, side * 24);
    pen.fill(
      limb(
        [
          [x * 0.8, -0.98],
          [x, -0.58],
        ],
        width * 1.1,
        0.04,
      ),
      colour,
      ink,
    );
    const outer = across(turn, side * 82, 1.05);
    const inner = across(turn, side * 42);
    if (bold || turn * side <= 0.5) {
      pen.fill(
        limb(
          [
            [outer, -0.12],
            [inner * 0.5 + outer * 0.5, 0.02],
          ],
          width * 1.1,
          0.04,
        ),
        colour,
        ink,
      );
      pen.fill(
        limb(
          [
            [outer, 0.34],
            [inner * 0.5 + outer * 0.5, 0.38],
          ],
          width * 1.2,
          0.04,
        ),
        colour,
        ink,
      );
    }
  }
}

function drawMuzzle(pen: Pen, turn: number, { classId, coat }: AnimalScene): void {
  const { muzzle, muzzleWidth } = SHAPES[classId];
  const sin = Math.sin(turn);
  const tip: Point = [sin * (0.62 + muzzle), 0.4 + 0.03 * Math.abs(sin)];
  const root: Point = [sin * 0.4, 0.32];
  if (muzzle > 0.1) pen.fill(limb([root, tip], muzzleWidth * 1.05, muzzleWidth * 0.86), coat.main, { part: PART.head });
  pen.fill(
    limb(
      [
        [sin * (0.5 + muzzle * 0.6) - 0.16, 0.5],
        [tip[0] + 0.16 * (1 - Math.abs(sin)), 0.5],
      ],
      muzzleWidth * 0.72,
    ),
    coat.light,
    { on: PART.head },
  );
  const nose: Point = [tip[0] + sin * muzzleWidth * 0.55, tip[1] - 0.14];
  const wide = classId === "dog" ? 0.24 : classId === "cat" ? 0.13 : 0.18;
  const noseColour = classId === "dog" ? INK : classId === "cat" ? hex(0xc8685f) : mix(coat.mark, hex(0xa8504a), 0.45);
  pen.fill(ellipse(nose[0], nose[1], wide, wide * 0.72), noseColour, { part: PART.head });
  if (classId === "dog")
    pen.fill(ellipse(nose[0] - sin * 0.42, nose[1] + 0.52, 0.15, 0.26), TONGUE, { part: PART.head });
  pen.fill(
    limb(
      [
        [nose[0] - sin * 0.1, nose[1] + 0.16],
        [nose[0] - sin * 0.16, nose[1] + 0.34],
      ],
      0.045,
    ),
    darker(coat.light, 0.6),
    {
      on: PART.head,
    },
  );
}

function drawEyes(pen: Pen, turn: number, { classId, coat }: AnimalScene): void {
  const { eye } = SHAPES[classId];
  // Dark eyes would vanish in a dark coat: such cats look with amber eyes, such dogs have light brows.
  const dim = brightness(coat.main) < 110;
  const around = classId === "cat" ? AMBER : coat.light;
  const pupil = dim && classId === "cat" ? 0.55 : 1;
  for (const side of [-1, 1]) {
    const longitude = turn + radians(side * 27);
    if (Math.abs(longitude) > radians(80)) continue;
    const x = 0.9 * Math.sin(longitude);
    const squeeze = 0.45 + 0.55 * Math.cos(longitude);
    if (dim) pen.fill(ellipse(x, -0.07, eye * squeeze * 1.5, eye * 1.6), around, { on: PART.head });
    pen.fill(ellipse(x, -0.07, pupil * eye * squeeze * 1.05, eye * 1.25), INK, { on: PART.head });
    pen.fill(ellipse(x + 0.04, -0.13, eye * 0.34), hex(0xffffff), { on: PART.head });
  }
}

function drawEars(pen: Pen, turn: number, { classId, coat, ears }: AnimalScene, inFront: boolean): void {
  if ((ears === "hanging") !== inFront) return;
  const size = SHAPES[classId].ear;
  for (const side of turn >= 0 ? [1, -1] : [-1, 1]) {
    const x = side * 0.66 * Math.cos(turn) - 0.26 * Math.sin(turn);
    const lean = side * Math.cos(turn);
    if (ears === "round") {
      pen.fill(ellipse(x * 1.06, -0.76, 0.36 * size), coat.main, { part: PART.head });
      pen.fill(ellipse(x * 1.06, -0.72, 0.2 * size), mix(coat.light, coat.mark, 0.3), { on: PART.head });
    } else if (ears === "hanging") drawHangingEar(pen, x * 1.3, lean, size, coat.mark);
    else drawUprightEar(pen, x, lean, ears === "pricked", coat);
  }
}

function drawHangingEar(pen: Pen, x: number, lean: number, size: number, colour: number): void {
  const path = blob(
    [x - 0.2 * lean, -0.72],
    [x + 0.16 * lean, -0.6],
    [x + 0.3 * lean * size, 0.1],
    [x + 0.1 * lean, 0.5 * size],
    [x - 0.16 * lean - 0.06, 0.12],
  );
  pen.fill(path, colour, { part: PART.head });
}

function drawUprightEar(pen: Pen, x: number, lean: number, pricked: boolean, coat: Coat): void {
  const size = pricked ? 0.8 : 1.05;
  const half = pricked ? 0.27 : 0.37;
  const tip: Point = [x + (pricked ? 0.34 : 0.16) * lean, -0.72 - 0.74 * size];
  const outer = pricked ? mix(coat.main, coat.mark, 0.75) : coat.main;
  pen.fill(polygon([x - half, -0.68], tip, [x + half, -0.42], [x, -0.2]), outer, { part: PART.head });
  const inner = mix(coat.light, hex(0xd98a80), 0.55);
  pen.fill(polygon([x - half * 0.45, -0.7], [x + 0.13 * lean, -0.72 - 0.45 * size], [x + half * 0.5, -0.62]), inner, {
    on: PART.head,
  });
}
