// What He and Su (ICLR 2020) print about clustering: Tables 1, 2, 3, 5, 6 and 7, accuracies in percent, by method and task of
// the study. Nothing here was computed by this lab.

export interface Published {
  /** Accuracy, 0.5 to 1. */
  readonly value: number;
  /** For instance "He and Su, ICLR 2020, Table 1". */
  readonly source: string;
}

export interface PublishedTable {
  readonly number: number;
  readonly title: string;
  readonly dataset: string;
  /** As the study writes them. */
  readonly tasks: readonly string[];
  /** By method of the study: percent, a number a task. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

const mnistTasks = ["5-8/3-9", "4-9/5-7", "7-9/4-5", "5-9/4-8", "3-5/8-9", "3-8/5"];

export const publishedTables: readonly PublishedTable[] = [
  {
    number: 1,
    title: "MNIST",
    dataset: "mnist",
    tasks: mnistTasks,
    rows: {
      kmeans: [50.4, 54.5, 55.5, 56.3, 69.0, 76.5],
      pca: [50.4, 54.5, 55.7, 56.5, 70.7, 76.4],
      "l2-relative-linear": [51.0, 54.6, 51.3, 58.8, 58.3, 58.7],
      "l2-kernelized-linear": [50.1, 55.5, 55.5, 56.3, 69.3, 76.1],
      "bce-relative-linear": [50.1, 50.0, 50.2, 50.6, 51.4, 50.1],
      "bce-kernelized-linear": [50.7, 56.7, 62.3, 55.2, 53.9, 51.6],
      "l2-relative-relu": [75.9, 55.6, 62.5, 89.3, 50.3, 74.7],
      "l2-kernelized-relu": [71.0, 63.8, 64.6, 67.8, 71.5, 78.8],
      "bce-relative-relu": [50.2, 50.5, 51.9, 55.7, 53.7, 50.2],
      "bce-kernelized-relu": [52.1, 59.3, 64.5, 58.2, 52.5, 51.8],
    },
  },
  {
    number: 2,
    title: "CIFAR-10",
    dataset: "cifar10",
    tasks: [
      "automobile-cat/bird",
      "automobile-horse/cat-bird",
      "cat-bird/automobile",
      "dog-deer/frog",
      "automobile-bird/cat",
      "deer-frog/dog",
    ],
    rows: {
      kmeans: [50.3, 50.9, 51.1, 51.6, 51.8, 52.4],
      pca: [50.6, 51.0, 51.1, 51.6, 51.7, 52.4],
      "l2-relative-linear": [50.0, 56.8, 55.2, 50.6, 56.3, 52.5],
      "l2-kernelized-linear": [50.4, 50.7, 51.1, 51.3, 51.9, 52.8],
      "bce-relative-linear": [50.4, 50.9, 50.2, 50.6, 55.3, 50.2],
      "bce-kernelized-linear": [55.7, 58.1, 52.0, 50.5, 55.8, 53.0],
      "l2-relative-relu": [53.7, 50.2, 58.4, 54.2, 63.0, 53.5],
      "l2-kernelized-relu": [52.1, 50.5, 53.6, 52.7, 50.5, 53.0],
      "bce-relative-relu": [51.1, 53.5, 50.7, 51.1, 55.6, 50.3],
      "bce-kernelized-relu": [58.4, 59.7, 56.6, 51.2, 55.0, 51.8],
    },
  },
  {
    number: 3,
    title: "architectures, MNIST",
    dataset: "mnist",
    tasks: mnistTasks,
    rows: {
      "l2-relative-relu": [75.9, 55.6, 62.5, 89.3, 50.3, 74.7],
      "l2-kernelized-relu": [71.0, 63.8, 64.6, 67.8, 71.5, 78.8],
      "l2-relative-cnn": [54.2, 53.7, 89.1, 50.1, 50.1, 83.0],
      "l2-kernelized-cnn": [64.1, 69.5, 91.3, 97.6, 75.3, 87.4],
      "l2-relative-skip": [50.7, 55.0, 55.5, 78.3, 52.3, 52.3],
      "l2-kernelized-skip": [50.2, 60.4, 54.8, 76.3, 66.9, 68.8],
    },
  },
  {
    number: 5,
    title: "random weights, MNIST",
    dataset: "mnist",
    tasks: mnistTasks,
    rows: {
      "l2-relative-relu-random": [50.9, 55.2, 51.2, 59.0, 58.5, 59.9],
      "l2-relative-relu": [75.9, 55.6, 62.5, 89.3, 50.3, 74.7],
      "l2-kernelized-relu-random": [50.4, 55.5, 55.7, 56.6, 68.4, 75.9],
      "l2-kernelized-relu": [71.0, 63.8, 64.6, 67.8, 71.5, 78.8],
    },
  },
  {
    number: 6,
    title: "auxiliary classes for 5 v 8, MNIST",
    dataset: "mnist",
    tasks: ["5-8/3-9", "5-8/6-9", "5-8/2-3", "5-8/2-6", "5-8/3", "5-8/9"],
    rows: {
      "l2-relative-relu": [75.9, 53.7, 54.3, 51.2, 53.9, 60.6],
      "l2-kernelized-relu": [71.0, 54.4, 50.2, 51.6, 50.6, 54.4],
      "bce-relative-relu": [50.2, 50.4, 50.1, 50.2, 52.3, 50.1],
      "bce-kernelized-relu": [52.1, 52.7, 51.6, 52.4, 50.3, 50.3],
    },
  },
  {
    number: 7,
    title: "normalised kernel, MNIST",
    dataset: "mnist",
    tasks: mnistTasks,
    rows: {
      "l2-normalised-relu": [71.3, 62.3, 64.8, 68.0, 73.0, 79.5],
      "bce-normalised-relu": [52.0, 57.5, 61.0, 56.9, 50.1, 75.2],
    },
  },
];

/** What the paper prints for a method of the study on a task of a data set; undefined where it prints nothing. */
export function published(dataset: string, method: string, task: string): Published | undefined {
  const wanted = sorted(task);
  for (const table of publishedTables.filter((one) => one.dataset === dataset)) {
    const percent = table.rows[method]?.[table.tasks.findIndex((word) => sorted(word) === wanted)];
    if (percent !== undefined)
      return { value: Math.round(10 * percent) / 1000, source: `He and Su, ICLR 2020, Table ${table.number}` };
  }
  return undefined;
}

/** The same for the same task, in whatever order its classes are named. */
const sorted = (task: string): string =>
  task
    .split("/")
    .map((part) => part.split("-").sort().join("-"))
    .join("/");
