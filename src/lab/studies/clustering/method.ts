// The methods of clustering, the rows of the paper's tables: K-means on pixels and on their principal components, the pixels'
// own kernel, and three similarities of four networks with two losses, trained or not.

export type Loss = "l2" | "bce";
export type Option = "relative" | "kernelized" | "normalised";
export type Architecture = "relu" | "linear" | "cnn" | "skip";
export type Weights = "trained" | "random";

export interface Method {
  readonly id: string;
  readonly title: string;
  /** What is clustered: rows of pixels, of principal components, the inner products of pixels, or a network's similarity. */
  readonly kind: "kmeans" | "pca" | "pixels" | "network";
  readonly network?: NetworkMethod;
}

export interface NetworkMethod {
  readonly loss: Loss;
  readonly option: Option;
  readonly architecture: Architecture;
  readonly weights: Weights;
}

const architectures: Readonly<Record<Architecture, string>> = {
  relu: "ReLU",
  linear: "linear",
  cnn: "CNN",
  skip: "skip MLP",
};

const baselines: readonly Method[] = [
  { id: "kmeans", title: "K-means", kind: "kmeans" },
  { id: "pca", title: "PCA + K-means", kind: "pca" },
  { id: "pixels", title: "Kernel K-means, pixels", kind: "pixels" },
];

const lossTitle = (loss: Loss): string => (loss === "l2" ? "ℓ2" : "BCE");

const within = ({ architecture, weights }: NetworkMethod): string =>
  `${architectures[architecture]}${weights === "random" ? ", random weights" : ""}`;

/** For people: "ℓ2, ReLU". */
export const networkTitle = (network: NetworkMethod): string => `${lossTitle(network.loss)}, ${within(network)}`;

const methodOf = (network: NetworkMethod): Method => ({
  id: `${network.loss}-${network.option}-${network.architecture}${network.weights === "random" ? "-random" : ""}`,
  title: `${lossTitle(network.loss)}-${network.option} (${within(network)})`,
  kind: "network",
  network,
});

const all = <T>(...items: readonly T[]): readonly T[] => items;

export const methods: readonly Method[] = [
  ...baselines,
  ...all<Weights>("trained", "random").flatMap((weights) =>
    all<Architecture>("linear", "relu", "cnn", "skip").flatMap((architecture) =>
      all<Loss>("l2", "bce").flatMap((loss) =>
        all<Option>("relative", "kernelized", "normalised").map((option) =>
          methodOf({ loss, option, architecture, weights }),
        ),
      ),
    ),
  ),
];

export const methodNamed = (id: string): Method => methods.find((method) => method.id === id)!;
