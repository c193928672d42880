// GeoMNIST: the shapes have the areas, spreads and angles of the recipe, and are a function of seed, class, split and index.
import { describe, expect, test } from "vitest";
import type { ImageSource, Split } from "../../src/lab/contracts.ts";
import { geomnist } from "../../src/lab/datasets/geomnist.ts";

const open = (seed: number): Promise<ImageSource> => geomnist.open({ seed }, undefined as never);
const source = await open(1);
const ids = geomnist.manifest.classes.map(({ id }) => id);
const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Area in pixels, variances along the long and the short axis, and the long axis's angle in degrees, 0 to 180. */
function shapeOf(image: Uint8Array) {
  const moment = (x: number, y: number): number =>
    image.reduce(
      (sum, value, at) => sum + (value / 255) * ((at % 32) + 0.5) ** x * (Math.floor(at / 32) + 0.5) ** y,
      0,
    );
  const area = moment(0, 0);
  const [x, y] = [moment(1, 0) / area, moment(0, 1) / area];
  const [xx, yy, xy] = [moment(2, 0) / area - x * x, moment(0, 2) / area - y * y, moment(1, 1) / area - x * y];
  const half = Math.hypot((xx - yy) / 2, xy);
  const angle = ((Math.atan2(2 * xy, xx - yy) / 2) * 180) / Math.PI;
  return { area, x, y, long: (xx + yy) / 2 + half, short: (xx + yy) / 2 - half, angle: (angle + 180) % 180 };
}
const shapes = (id: string, count = 120) => indices(count).map((index) => shapeOf(source.image(id, "train", index)));

describe("images", () => {
  test("are a function of seed, class, split and index, all distinct", async () => {
    const [again, other] = [await open(1), await open(2)];
    const seen = new Set<string>();
    for (const split of ["test", "train"] as Split[])
      for (const id of ids.toReversed())
        for (const index of indices(40)) {
          const image = source.image(id, split, index);
          expect(image).toHaveLength(32 * 32);
          expect(key(again.image(id, split, index))).toBe(key(image));
          expect(key(other.image(id, split, index))).not.toBe(key(image));
          seen.add(key(image));
        }
    expect(seen.size).toBe(2 * 3 * 40);
    expect(() => source.image("circle", "train", 0)).toThrow('"circle" is not a class of GeoMNIST');
  });

  test("cover what their outlines cover", () => {
    for (const { area } of shapes("triangle")) expect(Math.abs(area / 160 - 1)).toBeLessThan(0.02);
    for (const { area } of shapes("rectangle")) expect(Math.abs(area / 128 - 1)).toBeLessThan(0.02);
    const areas = shapes("ellipse").map(({ area }) => area);
    // pi r 2r for r from 5 to 7, less what the blur carries over the edge.
    for (const area of areas) expect(area).toBeGreaterThan(2 * Math.PI * 25 * 0.98);
    for (const area of areas) expect(area).toBeLessThan(2 * Math.PI * 49 * 1.01);
    expect(Math.max(...areas) - Math.min(...areas)).toBeGreaterThan(100);
  });

  test("are as long and short as their outlines, plus the variance of the blur", () => {
    const blur = (variance: number, own: number): void => {
      expect(variance - own).toBeGreaterThan(0.9 ** 2 - 0.1);
      expect(variance - own).toBeLessThan(1.1 ** 2 + 0.2);
    };
    for (const { long, short } of shapes("rectangle")) {
      blur(long, 16 ** 2 / 12);
      blur(short, 8 ** 2 / 12);
    }
    // A triangle of base 20 and height 16: b² / 24 along the base, h² / 18 across.
    for (const { long, short } of shapes("triangle")) {
      blur(long, 20 ** 2 / 24);
      blur(short, 16 ** 2 / 18);
    }
  });

  test("are turned from 0 to 176 degrees, evenly, and lie near the middle", () => {
    const angles = shapes("ellipse", 400).map(({ angle }) => angle);
    for (const part of indices(8)) {
      const share = angles.filter((angle) => Math.floor(angle / 22.5) === part).length / angles.length;
      // Five standard deviations of a binomial share about an eighth.
      expect(Math.abs(share - 1 / 8)).toBeLessThan(5 * Math.sqrt((1 / 8) * (7 / 8) * (1 / 400)) + 4 / 180);
    }
    for (const id of ids)
      for (const { x, y } of shapes(id))
        expect(Math.hypot(x - 16, y - 16)).toBeLessThan(Math.hypot(1, 1 + 8 / 3) + 0.1);
  });
});
