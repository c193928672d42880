// Sizes that journals, theses and slides ask for.

export interface FigureSize {
  readonly id: string;
  readonly title: string;
  /** CSS pixels, 96 an inch. */
  readonly widthPx: number;
  /** Otherwise the figure's own. */
  readonly heightPx?: number;
  /** Size of tick labels: 8 pt on paper, larger on slides. */
  readonly fontPx: number;
}

const millimetres = (length: number): number => Math.round((length / 25.4) * 96);

export const figureSizes: readonly FigureSize[] = [
  { id: "column", title: "One column, 89 mm", widthPx: millimetres(89), fontPx: 9.5 },
  { id: "text", title: "Text width, 5.5 in", widthPx: 528, fontPx: 10.5 },
  { id: "page", title: "Two columns, 183 mm", widthPx: millimetres(183), fontPx: 10.5 },
  { id: "slide", title: "Slide, 16:9", widthPx: 960, heightPx: 540, fontPx: 15 },
];
