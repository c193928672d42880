// The networks that are compared on one point set, each with the step size that it is trained at.

export const activations = ["relu", "sigmoid", "none"] as const;
/** Between dense layers; `none` is the linear twin. */
export type Activation = (typeof activations)[number];

export const activationTitles: Readonly<Record<Activation, string>> = {
  relu: "ReLU",
  sigmoid: "Sigmoid",
  none: "Linear",
};

export interface Contestant {
  readonly activation: Activation;
  /** For the loss (f - y)². */
  readonly stepSize: number;
}

/** What of the parameters says who is compared. */
export interface Comparison {
  readonly compare: "networks" | "step sizes";
  readonly networks: keyof typeof choices;
  readonly stepSize: number;
  readonly otherStepSize: number;
}

const choices = {
  all: activations,
  "ReLU and linear": ["relu", "none"],
  "ReLU and sigmoid": ["relu", "sigmoid"],
  ReLU: ["relu"],
  sigmoid: ["sigmoid"],
  linear: ["none"],
} as const satisfies Record<string, readonly Activation[]>;

export const networkChoices = Object.keys(choices) as (keyof typeof choices)[];

export const contestantsOf = ({ compare, networks, stepSize, otherStepSize }: Comparison): readonly Contestant[] =>
  compare === "networks"
    ? choices[networks].map((activation) => ({ activation, stepSize }))
    : [otherStepSize, stepSize].map((each) => ({ activation: "none", stepSize: each }));
