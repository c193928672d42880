// The themes of the shelf of studies: what the page must know of it before anybody opens it.
export interface Theme {
  readonly id: string;
  readonly title: string;
  /** Ids of its studies, in the order of the shelf. */
  readonly studies: readonly string[];
}

export const themes: readonly Theme[] = [
  {
    id: "elasticity",
    title: "Local elasticity",
    studies: ["geometry", "clustering", "step-size", "image-path", "comparison"],
  },
  {
    id: "kernels",
    title: "Kernels",
    studies: ["linearisation", "sharing", "infinite-width", "kernel-regression"],
  },
  { id: "labels", title: "Labels", studies: ["label-awareness", "label-aware-part", "label-systems"] },
  { id: "stability", title: "Stability", studies: ["sensitivity", "bounds"] },
  {
    id: "models",
    title: "Models of elasticity",
    studies: ["neurashed", "le-sde", "phase-diagram", "le-sde-network"],
  },
];
