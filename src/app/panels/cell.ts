// A cell of a heatmap that someone pointed at: two classes, or two images.

export interface CellRef {
  readonly kind: "class" | "image";
  /** Class numbers or example numbers. */
  readonly anchor: number;
  readonly probe: number;
}
