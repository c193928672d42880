// Shapes of markers, the same for lines, points and their key.
import type { Marker } from "../figures/figure.ts";
import { pathOf, rounded, type Point } from "./element.ts";

const corners: Record<Exclude<Marker, "circle">, readonly Point[]> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  "triangle-up": [
    [0, -1.25],
    [1.15, 0.85],
    [-1.15, 0.85],
  ],
  cross: plus(1.25, 0.42),
  x: plus(1.25, 0.42).map(([x, y]): Point => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
  star: Array.from({ length: 10 }, (_, index): Point => {
    const [radius, turn] = [index % 2 === 0 ? 1.45 : 0.62, (index * Math.PI) / 5];
    return [radius * Math.sin(turn), -radius * Math.cos(turn)];
  }),
};

/** A plus with arms of a length and half width. */
function plus(length: number, half: number): Point[] {
  const arm: Point[] = [
    [-half, -length],
    [half, -length],
    [half, -half],
  ];
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x, y]): Point => {
      const [cos, sin] = [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ][quarter]! as [number, number];
      return [x * cos - y * sin, x * sin + y * cos];
    }),
  );
}

/** Outline of a marker about a place; markers of one size have about the same area. */
export function markerPath(marker: Marker, x: number, y: number, size: number): string {
  if (marker === "circle") {
    const r = rounded(size);
    return `M${rounded(x - size)} ${rounded(y)}a${r} ${r} 0 1 0 ${rounded(2 * size)} 0a${r} ${r} 0 1 0 ${rounded(-2 * size)} 0Z`;
  }
  return `${pathOf(corners[marker].map(([dx, dy]) => [x + dx * size, y + dy * size]))}Z`;
}
