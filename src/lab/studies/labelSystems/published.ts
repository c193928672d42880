// What Chen, He and Su (NeurIPS 2020) print of two label systems, Figure 1(b) and (c): curves, so the numbers are read by eye.

export const printedSource =
  "Chen, He and Su, NeurIPS 2020, Figure 1(b) and (c), read off the curves by eye, ± 0.005: 200 images of MS-COCO";

/** Relative ratio of the learned labelling, times 100, of a two-layer network trained on it. */
export const printed = {
  epochs: [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200],
  curves: [
    { title: "cat v dog", ratios: [50.73, 50.74, 50.75, 50.75, 50.76, 50.77, 50.78, 50.78, 50.78, 50.79, 50.79] },
    { title: "chair v bench", ratios: [51.66, 51.69, 51.69, 51.7, 51.71, 51.73, 51.75, 51.76, 51.77, 51.77, 51.78] },
  ],
} as const;
