// Pictures moved by degrees, against moves that are known exactly.
import { describe, expect, it } from "vitest";
import { blended, brightened, distance, noisy, rotated, shifted } from "../../src/math/picture.ts";
import { rng } from "../../src/math/rng.ts";
import { deviation, mean } from "../../src/math/stats.ts";

const random = rng(3).fork("picture");
const shape = [5, 5, 2] as const;
const picture = Uint8Array.from({ length: 50 }, () => random.below(256));
const at = (pixels: ArrayLike<number>, row: number, column: number, channel: number): number =>
  pixels[(row * 5 + column) * 2 + channel]!;
const cells = Array.from({ length: 50 }, (_, k) => [Math.floor(k / 10), Math.floor(k / 2) % 5, k % 2] as const);

describe("a picture", () => {
  it("is itself where nothing is done to it", () => {
    const other = picture.toReversed();
    for (const same of [
      blended(picture, other, 0),
      brightened(picture, 0),
      noisy(picture, 0, rng(1)),
      rotated(picture, shape, 0),
      shifted(picture, shape, 0),
    ])
      expect([...same]).toEqual([...picture]);
  });

  it("turned by a quarter, clockwise, has its left column on top", () => {
    const turned = rotated(picture, shape, 90);
    for (const [row, column, channel] of cells)
      expect(at(turned, row, column, channel)).toBeCloseTo(at(picture, 4 - column, row, channel), 3);
  });

  it("turned by half a turn twice is itself", () => {
    const twice = rotated(rotated(picture, shape, 180), shape, 180);
    for (const [row, column, channel] of cells)
      expect(at(twice, row, column, channel)).toBeCloseTo(at(picture, row, column, channel), 3);
  });

  it("shifted by a pixel repeats its left edge, by half a pixel is the mean of two neighbours", () => {
    const [one, half] = [shifted(picture, shape, 1), shifted(picture, shape, 0.5)];
    for (const [row, column, channel] of cells) {
      const before = at(picture, row, Math.max(0, column - 1), channel);
      expect(at(one, row, column, channel)).toBe(before);
      expect(at(half, row, column, channel)).toBeCloseTo((before + at(picture, row, column, channel)) / 2, 4);
    }
  });

  it("blended half and half is as far from one as from the other", () => {
    const other = picture.toReversed();
    const half = blended(picture, other, 0.5);
    expect(distance(picture, half)).toBeCloseTo(distance(picture, other) / 2, 3);
    expect([...blended(picture, other, 1)]).toEqual([...other]);
  });

  it("is clipped to black and white where it is brightened or covered with noise", () => {
    expect(Math.max(...brightened(picture, 1))).toBe(255);
    expect(Math.max(...brightened(picture, -1))).toBe(0);
    expect(Math.min(...noisy(picture, 2, rng(1)))).toBe(0);
  });

  it("gets noise of the deviation that was asked for", () => {
    const noise = noisy(new Float32Array(20000).fill(127.5), 0.05, rng(5));
    expect(mean(noise)).toBeCloseTo(127.5, 0);
    expect(deviation(noise) / 255).toBeCloseTo(0.05, 3);
  });
});
