// A background: one of seven places, each with shades, clouds, waves or hills of its own.
import type { Rng } from "../../../math/rng.ts";
import { rng } from "../../../math/rng.ts";
import type { Canvas, Pen } from "./canvas.ts";
import { SIDE } from "./canvas.ts";
import type { Colour } from "./colour.ts";
import { darker, hex, lighter, mix } from "./colour.ts";
import type { Point } from "./geometry.ts";
import { curve, ellipse, limb } from "./geometry.ts";
import type { Background } from "./scene.ts";

/** @param pen in pixels. */
export function drawBackground(canvas: Canvas, pen: Pen, { kind, seed }: Background): void {
  const random = rng(seed);
  switch (kind) {
    case "sky":
      return drawSky(canvas, pen, random);
    case "grass":
      return drawGrass(canvas, pen, random);
    case "sand":
      return drawSand(canvas, pen, random);
    case "water":
      return drawWater(canvas, pen, random);
    case "plain":
      return drawPlain(canvas, random);
    case "dusk":
      return drawDusk(canvas, pen, random);
    case "floor line":
      return drawRoom(canvas, random);
  }
}

const shade = (random: Rng, first: number, second: number): Colour => mix(hex(first), hex(second), random.uniform());

function fade(canvas: Canvas, top: number, bottom: number, from: Colour, to: Colour): void {
  canvas.rows(top, bottom, (share) => mix(from, to, share));
}

function drawCloud(pen: Pen, random: Rng, colour: Colour): void {
  const x = random.uniform(2, SIDE - 2);
  const y = random.uniform(2, SIDE - 8);
  const size = random.uniform(1.4, 2.6);
  for (const [dx, dy, r] of [
    [-1.4, 0.2, 0.8],
    [-0.4, -0.3, 1],
    [0.7, 0, 0.9],
    [1.6, 0.3, 0.6],
  ] as const)
    pen.fill(ellipse(x + dx * size, y + dy * size, r * size, r * size * 0.8), colour, { alpha: 0.85 });
}

function drawSky(canvas: Canvas, pen: Pen, random: Rng): void {
  fade(canvas, 0, SIDE, shade(random, 0x6fb2e2, 0x8ec5ea), shade(random, 0xc4e4f3, 0xe2f1f2));
  const clouds = 2 + random.below(3);
  for (let cloud = 0; cloud < clouds; cloud++) drawCloud(pen, random, hex(0xfbfcfb));
}

/** Ground whose upper edge rises and falls. */
function drawHills(pen: Pen, random: Rng, horizon: number, height: number, colour: Colour): void {
  const edge: Point[] = [-2, 7, 16, 25, SIDE + 2].map((x) => [x, horizon + random.uniform(-height, height)]);
  const ground = [...curve(...edge).flat(), SIDE + 2, SIDE + 2, -2, SIDE + 2];
  pen.fill(ground, colour);
}

function drawGrass(canvas: Canvas, pen: Pen, random: Rng): void {
  fade(canvas, 0, SIDE, shade(random, 0xbfe0ea, 0xd6ecdf), shade(random, 0xe6f2df, 0xf4f2d8));
  const green = shade(random, 0x7fb761, 0x9cc76d);
  const horizon = random.uniform(9, 19);
  drawHills(pen, random, horizon, 2.2, lighter(green, 0.24));
  drawHills(pen, random, horizon + random.uniform(3, 6), 1.4, green);
  for (let blade = 0; blade < 7; blade++) {
    const x = random.uniform(1, SIDE - 1);
    const y = random.uniform(horizon + 7, SIDE);
    pen.fill(
      limb(
        [
          [x, y],
          [x + random.uniform(-0.5, 0.5), y - 1.6],
        ],
        0.34,
        0.14,
      ),
      darker(green, 0.2),
    );
  }
}

function drawSand(canvas: Canvas, pen: Pen, random: Rng): void {
  fade(canvas, 0, SIDE, shade(random, 0xf6e3c0, 0xf9ecd2), hex(0xfbf3e0));
  const sand = shade(random, 0xe3bd80, 0xebcd98);
  const horizon = random.uniform(9, 18);
  drawHills(pen, random, horizon, 2.6, lighter(sand, 0.22));
  drawHills(pen, random, horizon + random.uniform(3.5, 7), 2, sand);
  for (let ripple = 0; ripple < 4; ripple++) {
    const x = random.uniform(0, SIDE);
    const y = random.uniform(horizon + 8, SIDE);
    pen.fill(
      limb(
        [
          [x - 2, y],
          [x + 2, y + random.uniform(-0.4, 0.4)],
        ],
        0.26,
      ),
      darker(sand, 0.12),
    );
  }
}

function drawWater(canvas: Canvas, pen: Pen, random: Rng): void {
  const horizon = random.uniform(6, 15);
  fade(canvas, 0, horizon, shade(random, 0xcfe8ee, 0xf3e9d6), hex(0xf1f4ea));
  const deep = shade(random, 0x3f8fae, 0x4fa9ad);
  fade(canvas, horizon, SIDE, lighter(deep, 0.3), deep);
  for (let wave = 0; wave < 11; wave++) {
    const x = random.uniform(0, SIDE);
    const y = random.uniform(horizon + 1.5, SIDE);
    const half = random.uniform(0.9, 2.4);
    pen.fill(
      limb(
        [
          [x - half, y],
          [x + half, y],
        ],
        0.3,
      ),
      lighter(deep, 0.55),
    );
  }
}

function drawPlain(canvas: Canvas, random: Rng): void {
  const colour = hex(random.pick([0xf3d9cf, 0xdfe8cf, 0xd3e3ea, 0xe6dcec, 0xf3e8c6, 0xcfe4dc, 0xb9c7cf, 0xe9c9b4]));
  fade(canvas, 0, SIDE, lighter(colour, random.uniform(0.1, 0.4)), darker(colour, random.uniform(0, 0.08)));
}

function drawDusk(canvas: Canvas, pen: Pen, random: Rng): void {
  const horizon = random.uniform(20, 27);
  fade(canvas, 0, horizon, shade(random, 0x5d5490, 0x7b5f9c), shade(random, 0xf0a07c, 0xf3bb84));
  fade(canvas, horizon, SIDE, shade(random, 0x574a78, 0x6a5580), hex(0x4b4069));
  pen.fill(
    ellipse(random.uniform(4, SIDE - 4), horizon - random.uniform(0, 8), random.uniform(2.2, 3.4)),
    hex(0xfbdc9c),
  );
  drawHills(pen, random, horizon, 1.2, shade(random, 0x4f4673, 0x65527c));
  for (let star = 0; star < 5; star++)
    pen.fill(ellipse(random.uniform(0, SIDE), random.uniform(0, 11), 0.28), hex(0xfff3cf), { alpha: 0.8 });
}

function drawRoom(canvas: Canvas, random: Rng): void {
  const wall = hex(random.pick([0xe9dccb, 0xc9d8d2, 0xd9cbd6, 0xcbd6e2, 0xe4d6b4, 0xd7b9a8]));
  const floor = hex(random.pick([0xb98d66, 0xa9775a, 0x9a8f86, 0xc9a983, 0x8792a0]));
  const line = random.uniform(19, 26);
  fade(canvas, 0, line, wall, lighter(wall, 0.2));
  canvas.rows(line - 0.9, line, () => hex(0xfaf5ea));
  fade(canvas, line, SIDE, darker(floor, 0.1), lighter(floor, 0.12));
}
