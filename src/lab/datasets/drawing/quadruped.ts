// A quadruped: the body plan that tiger, lion, cat and dog share, from the side, facing us and sitting.
import type { Pen } from "./canvas.ts";
import type { Colour } from "./colour.ts";
import { darker, lighter } from "./colour.ts";
import type { Point } from "./geometry.ts";
import { blob, curve, ellipse, limb } from "./geometry.ts";
import { drawHead } from "./head.ts";
import { PART } from "./parts.ts";
import type { AnimalId, AnimalScene } from "./scene.ts";
import { stripeColour, stripeInk } from "./stripes.ts";

/** Lengths in units; a whole animal is about 100 units long. */
interface Build {
  readonly length: number;
  readonly chest: number;
  readonly rump: number;
  readonly leg: number;
  readonly paw: number;
  readonly head: number;
  readonly tail: number;
  readonly tailWidth: number;
  /** How high the head is carried above the shoulder. */
  readonly neck: number;
}

const BUILDS: Readonly<Record<AnimalId, Build>> = {
  tiger: { length: 48, chest: 15, rump: 14, leg: 22, paw: 5.4, head: 17, tail: 40, tailWidth: 3.4, neck: 10 },
  lion: { length: 46, chest: 15, rump: 13, leg: 23, paw: 5.4, head: 16, tail: 38, tailWidth: 2.5, neck: 13 },
  cat: { length: 38, chest: 11.5, rump: 11.5, leg: 21, paw: 4, head: 17, tail: 40, tailWidth: 3, neck: 14 },
  dog: { length: 40, chest: 14, rump: 11, leg: 27, paw: 4.6, head: 15.5, tail: 26, tailWidth: 3, neck: 19 },
};

export function drawQuadruped(pen: Pen, scene: AnimalScene): void {
  if (scene.view === "side") drawWalking(pen, scene);
  else if (scene.view === "sitting") drawSitting(pen, scene);
  else drawFacing(pen, scene);
}

const shade = (scene: AnimalScene): Colour => darker(scene.coat.main, 0.24);

/** A tail that starts at `root` towards `heading` and bends evenly by `bend`, both in radians. */
function drawTail(pen: Pen, scene: AnimalScene, root: Point, heading: number, bend: number, share = 1): void {
  const { tail, tailWidth } = BUILDS[scene.classId];
  const steps = 9;
  const line: Point[] = [root];
  for (let step = 0; step < steps; step++) {
    const [x, y] = line[step]!;
    const angle = heading + (bend * step) / steps;
    const stretch = (tail * share) / steps;
    line.push([x + stretch * Math.cos(angle), y + stretch * Math.sin(angle)]);
  }
  const slim = scene.classId === "dog" ? 0.55 : scene.classId === "lion" ? 0.8 : 0.9;
  pen.fill(limb(line, tailWidth, tailWidth * slim), scene.coat.main, { part: PART.tail });
  if (scene.stripes !== "none")
    for (const at of [3, 5, 7, 9]) {
      const [x, y] = line[at]!;
      pen.fill(
        ellipse(x, y, at === 9 ? tailWidth : 1.9, tailWidth * 1.4, heading + (bend * at) / steps),
        stripe(scene),
        { on: PART.tail, ...stripeInk(scene) },
      );
    }
  if (scene.classId === "lion") {
    const [x, y] = line[steps]!;
    const angle = heading + bend;
    pen.fill(
      ellipse(x + 2 * Math.cos(angle), y + 2 * Math.sin(angle), 7, 4.6, angle),
      scene.mane ?? darker(scene.coat.mark, 0.2),
      {
        part: PART.tail,
      },
    );
  }
}

const stripe = ({ stripes, coat }: AnimalScene): Colour => stripeColour(stripes, coat);

/** Stripes on the back: tapering strokes from the spine downwards. */
function drawStripe(pen: Pen, scene: AnimalScene, from: Point, over: Point, to: Point, width: number): void {
  const broad = scene.stripes === "bold" ? width : width * 0.8;
  pen.fill(limb(curve(from, over, to), broad, broad * 0.3), stripe(scene), {
    on: PART.body | PART.legs,
    ...stripeInk(scene),
  });
}

function drawLeg(pen: Pen, scene: AnimalScene, top: Point, foot: Point, colour: Colour, thigh: number): void {
  const { paw } = BUILDS[scene.classId];
  const knee: Point = [(top[0] + foot[0]) / 2 + 1.2, (top[1] + foot[1]) / 2];
  // A shadow around the leg sets it off from the body and from the leg behind it.
  const edge = { on: PART.body | PART.legs, alpha: 0.5 };
  pen.fill(limb([top, knee], thigh + 1.6, paw + 1.6), darker(colour, 0.4), edge);
  pen.fill(limb([knee, foot], paw + 1.6, paw + 1.2), darker(colour, 0.4), edge);
  pen.fill(limb([top, knee], thigh, paw), colour, { part: PART.legs });
  pen.fill(limb([knee, [foot[0], foot[1] - paw * 0.8]], paw, paw * 0.92), colour, { part: PART.legs });
  pen.fill(
    limb(
      [
        [foot[0], foot[1] - paw * 0.75],
        [foot[0] + 2.6, foot[1] - paw * 0.75],
      ],
      paw * 0.8,
    ),
    lighter(colour, 0.12),
    {
      part: PART.legs,
    },
  );
  if (scene.stripes === "none") return;
  for (const share of [0.34, 0.6]) {
    const x = top[0] + (foot[0] - top[0]) * share;
    const y = top[1] + (foot[1] - top[1]) * share;
    pen.fill(
      limb(
        [
          [x - paw * 1.3, y + 0.6],
          [x + paw * 0.5, y - 0.4],
        ],
        1.7,
        0.7,
      ),
      stripe(scene),
      { on: PART.legs, ...stripeInk(scene) },
    );
  }
}

function drawWalking(pen: Pen, scene: AnimalScene): void {
  const { length, leg, neck, head } = BUILDS[scene.classId];
  const { stride, bulk, lift, tail } = scene.pose;
  const chest = BUILDS[scene.classId].chest * (1 + 0.1 * bulk);
  const rump = BUILDS[scene.classId].rump * (1 + 0.1 * bulk);
  const hip = -length / 2 - 6;
  const shoulder = length / 2 - 6;
  const ground = leg + 6;
  const step = 9 * stride;
  const far = shade(scene);
  drawHindTail(pen, scene, [hip - rump * 0.75, -rump * 0.35], tail);
  drawLeg(pen, scene, [hip + 5, 2], [hip + 6 + step, ground - 2], far, 7);
  drawLeg(pen, scene, [shoulder + 4, 2], [shoulder + 5 - step, ground - 2], far, 6.5);
  const body = blob(
    [hip - rump * 0.98, 0],
    [hip - rump * 0.3, -rump * 0.98],
    [(hip + shoulder) / 2, -rump * 0.86],
    [shoulder, -chest],
    [shoulder + chest * 0.9, -chest * 0.2],
    [shoulder + chest * 0.5, chest * 0.75],
    [(hip + shoulder) / 2 + 2, chest * 0.72],
    [hip + 2, rump * 0.62],
    [hip - rump * 0.6, rump * 0.75],
  );
  const face: Point = [shoulder + 11 + head * 0.2, -neck - 3 - 5 * lift];
  pen.fill(limb([[shoulder + 1, -2], face], chest * 0.8, head * 0.7), scene.coat.main, { part: PART.body });
  pen.fill(body, scene.coat.main, { part: PART.body });
  pen.fill(ellipse((hip + shoulder) / 2 + 2, chest * 0.95, length * 0.46, chest * 0.5), scene.coat.light, {
    on: PART.body,
    alpha: 0.85,
  });
  pen.fill(ellipse((hip + shoulder) / 2, -rump * 1.05, length * 0.6, 5), lighter(scene.coat.main, 0.18), {
    on: PART.body,
    alpha: 0.6,
  });
  drawLeg(pen, scene, [hip - 1, 2], [hip - 2 - step, ground], scene.coat.main, 8.5);
  drawLeg(pen, scene, [shoulder, 3], [shoulder - 1 + step, ground], scene.coat.main, 7);
  if (scene.stripes !== "none")
    for (let band = 0; band < 6; band++) {
      const x = hip - rump * 0.45 + band * (length + 6) * 0.182;
      const deep = band % 2 === 0 ? 4 : -1;
      drawStripe(pen, scene, [x + 1, -chest - 3], [x + 2, -4], [x - 1.5, deep + 3], 2.5);
    }
  drawCollar(pen, scene, face, head);
  drawHead(pen, face, head, scene);
}

function drawHindTail(pen: Pen, scene: AnimalScene, root: Point, held: number): void {
  if (scene.classId === "cat") drawTail(pen, scene, root, -1.75 - 0.5 * (1 - held), 0.9 - 1.9 * held);
  else if (scene.classId === "dog") drawTail(pen, scene, root, -2.4 + 0.2 * held, 0.7 + 0.6 * held);
  else drawTail(pen, scene, root, 2.3 + 0.35 * held, 1.5 + 0.9 * held);
}

function drawSitting(pen: Pen, scene: AnimalScene): void {
  const { chest, head, paw, neck } = BUILDS[scene.classId];
  const wide = (chest / 13) * (1 + 0.08 * scene.pose.bulk);
  const { lift, tail } = scene.pose;
  const ground = 30;
  if (scene.classId === "cat") drawTail(pen, scene, [-15, 24], 3.0, 1.1 + 1.2 * tail, 0.8);
  else if (scene.classId === "dog") drawTail(pen, scene, [-15, 24], -2.7 + 0.5 * tail, 0.7, 0.9);
  else drawTail(pen, scene, [-14, 26], 3.05, 1 + 1.4 * tail, 0.8);
  const face: Point = [7 * wide, -17 - neck * 0.45 - 2 * lift];
  const far = shade(scene);
  drawLeg(pen, scene, [9 * wide, 2], [14 * wide, ground - 1.5], far, 6);
  const body = blob(
    [4 * wide, -16],
    [-8 * wide, -8],
    [-17 * wide, 10],
    [-19 * wide, 24],
    [-10 * wide, ground],
    [7 * wide, ground - 2],
    [13 * wide, 12],
    [15 * wide, 0],
    [13 * wide, -10],
  );
  pen.fill(limb([[3 * wide, -2], face], 10 * wide, head * 0.7), scene.coat.main, { part: PART.body });
  pen.fill(body, scene.coat.main, { part: PART.body });
  pen.fill(ellipse(14 * wide, 0, 5 * wide, 13, 0.15), scene.coat.light, { on: PART.body, alpha: 0.85 });
  if (scene.stripes !== "none")
    for (let band = 0; band < 5; band++) {
      const y = -9 + band * 5.6;
      const x = -8 * wide - band * 2.4;
      drawStripe(pen, scene, [x - 4, y - 3], [x + 5, y + 1], [x + 12 + (band % 2) * 5, y + 2], 2.4);
    }
  drawLeg(pen, scene, [5 * wide, 2], [7 * wide, ground + 0.5], scene.coat.main, 6.2);
  pen.fill(ellipse(-8.4 * wide, 19.4, 12.6 * wide, 11.6, -0.3), darker(scene.coat.main, 0.4), {
    on: PART.body | PART.legs,
    alpha: 0.5,
  });
  pen.fill(ellipse(-9 * wide, 20, 11.5 * wide, 10.5, -0.3), scene.coat.main, { part: PART.legs });
  if (scene.stripes !== "none")
    for (const x of [-15, -9, -3])
      drawStripe(pen, scene, [x * wide - 2, 8], [x * wide + 1, 15], [x * wide + 1, 22], 2.3);
  pen.fill(
    limb(
      [
        [-9 * wide, ground - 2.4],
        [1 * wide, ground - 2.4],
      ],
      paw * 0.85,
    ),
    lighter(scene.coat.main, 0.06),
    { part: PART.legs },
  );
  drawCollar(pen, scene, face, head);
  drawHead(pen, face, head, scene);
}

function drawFacing(pen: Pen, scene: AnimalScene): void {
  const { chest, head, leg, paw, neck } = BUILDS[scene.classId];
  const { lift, tail, stride } = scene.pose;
  const wide = (chest / 13) * (1 + 0.1 * scene.pose.bulk);
  const ground = 10 + leg;
  if (scene.classId === "cat") drawTail(pen, scene, [8 * wide, ground - 8], 0.25, -1.9 - 0.9 * tail, 0.95);
  else if (scene.classId === "dog") drawTail(pen, scene, [8 * wide, ground - 9], 0.1 - 0.3 * tail, -1.1);
  else drawTail(pen, scene, [9 * wide, ground - 9], 0.3, -1.7 - 0.9 * tail, 0.95);
  const far = shade(scene);
  for (const side of [-1, 1])
    drawLeg(pen, scene, [side * 10 * wide, 8], [side * 12.5 * wide - 1.3, ground - 3], far, 8 * wide);
  pen.fill(
    blob(
      [0, -12],
      [11 * wide, -8],
      [15.5 * wide, 8],
      [11 * wide, 20],
      [0, 22],
      [-11 * wide, 20],
      [-15.5 * wide, 8],
      [-11 * wide, -8],
    ),
    scene.coat.main,
    {
      part: PART.body,
    },
  );
  pen.fill(ellipse(0, 8, 7 * wide, 12), scene.coat.light, { on: PART.body, alpha: 0.85 });
  if (scene.stripes !== "none")
    for (let band = 0; band < 4; band++)
      for (const side of [-1, 1]) {
        const y = -2 + band * 6;
        drawStripe(pen, scene, [side * 17 * wide, y - 1], [side * 10 * wide, y + 1], [side * 6 * wide, y], 2.2);
      }
  for (const side of [-1, 1]) {
    const ahead = side * stride > 0.4 ? 1.5 : 0;
    drawLeg(pen, scene, [side * 6.5 * wide, 8], [side * 6.5 * wide - 1.3, ground + ahead], scene.coat.main, paw * 1.2);
  }
  const face: Point = [0, -10 - neck * 0.55 - 3 * lift];
  drawCollar(pen, scene, face, head * 1.14);
  drawHead(pen, face, head * 1.14, scene);
}

function drawCollar(pen: Pen, { collar }: AnimalScene, [x, y]: Point, radius: number): void {
  if (collar !== undefined)
    pen.fill(ellipse(x, y + radius * 0.48, radius, radius * 0.9), collar, { on: PART.body | PART.legs });
}
