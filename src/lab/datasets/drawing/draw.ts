// Drawing: a scene becomes an image; the background, then the subject, then the light.
import { rng } from "../../../math/rng.ts";
import { drawBackground } from "./background.ts";
import type { Pen } from "./canvas.ts";
import { Canvas, SAMPLES, SIDE } from "./canvas.ts";
import { drawCar } from "./car.ts";
import { hex } from "./colour.ts";
import type { Affine } from "./geometry.ts";
import { compose, radians, rotation, scaling, shearing, translation } from "./geometry.ts";
import { drawPlane } from "./plane.ts";
import { drawQuadruped } from "./quadruped.ts";
import type { Light, Placement, Scene } from "./scene.ts";
import { isAnimal } from "./scene.ts";
import { drawShip } from "./ship.ts";
import { usualSize } from "./size.ts";

const OUTLINE = hex(0x2c2130);

/** Pixels of the scene from units of the subject. */
function placed({ size, x, y, angle, shear, flipped }: Placement, unit: number): Affine {
  const scale = size * unit;
  const turned = compose(rotation(radians(angle)), compose(shearing(shear), scaling(flipped ? -scale : scale, scale)));
  return compose(translation(SIDE / 2 + x, SIDE / 2 + y), turned);
}

function drawSubject(pen: Pen, scene: Scene): void {
  const { unit, middle } = usualSize(scene);
  const subject = pen.within(compose(placed(scene.placement, unit), translation(-middle[0], -middle[1])));
  if (isAnimal(scene)) drawQuadruped(subject, scene);
  else if (scene.classId === "plane") drawPlane(subject, scene);
  else if (scene.classId === "ship") drawShip(subject, scene);
  else drawCar(subject, scene);
}

/** Tint, brightness and noise, as bytes. */
function lit(image: Float32Array, { brightness, tint, noise, noiseSeed }: Light): Uint8Array {
  const random = rng(noiseSeed);
  const bytes = new Uint8Array(image.length);
  for (let at = 0; at < image.length; at++) {
    const value = image[at]! * tint[at % 3]! * brightness + 255 * noise * random.normal();
    bytes[at] = value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
  }
  return bytes;
}

let shared: Canvas | undefined;

function painted(scene: Scene): Canvas {
  shared ??= new Canvas();
  shared.clear();
  const pen = shared.pen(scaling(SAMPLES));
  drawBackground(shared, pen, scene.background);
  drawSubject(pen, scene);
  shared.rim(2, OUTLINE, 0.6);
  return shared;
}

/** @returns [row, column, channel] bytes of 32 x 32 pixels. */
export const drawScene = (scene: Scene): Uint8Array => lit(painted(scene).reduced(), scene.light);

/** The share of every pixel that the subject covers; [row, column], 0..1. */
export const subjectMask = (scene: Scene): Float32Array => painted(scene).coverage();
