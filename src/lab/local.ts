// The lab on this side of any port: data sets, models and the backend put together.
import { datasets as plugins, describe, models } from "./catalogue.ts";
import type { Signal } from "./command.ts";
import type { DatasetPlugin, Host, Learner, LossId, ModelPlugin } from "./contracts.ts";
import { openDataset, openImages, type Dataset } from "./dataset.ts";
import { LabError } from "./error.ts";
import type { BackendId, BackendReport, Lab, Snapshot } from "./lab.ts";
import { checkValues } from "./params.ts";
import { perform } from "./perform.ts";
import { canonical, type DatasetChoice, type ExperimentSpec } from "./spec.ts";
import { chooseBackend, modelTrial } from "./tensor/backend.ts";
import { studies } from "./studies.ts";
import type { Desk, NetworkOptions } from "./study.ts";
import { networkLearner } from "./tensor/learner.ts";
import { largestTensor } from "./tensor/tf.ts";

export function localLab(host: Host): Lab {
  let report: BackendReport | undefined;
  const live = new Set<{ readonly signal: Signal; readonly over: Promise<void> }>();
  const pictures = newest((choice) => openImages(datasetOf(choice.id), completed(choice), host));
  const datasets = newest(async (choice) =>
    openDataset(datasetOf(choice.id), completed(choice), host, await pictures(choice)),
  );
  return {
    describe: () => Promise.resolve(describe()),
    async chooseBackend(wanted) {
      if ([...live].some(({ signal }) => !signal.aborted))
        throw new LabError("backend-unsupported", "The backend cannot change under a live experiment; close it first.");
      // Those that were told to stop are still on their way out.
      await Promise.all([...live].map(({ over }) => over));
      return (report = await chooseBackend(wanted, host));
    },
    async images(choice, examples) {
      const read = await pictures(choice);
      const images = [];
      for (const example of examples) {
        images.push(read(example));
        if (images.length % 16 === 0) await host.breathe();
      }
      return concatenated(images);
    },
    async *run(spec, inbox, { signal, start, whole = false }) {
      report ??= await chooseBackend("auto", host);
      let leave = (): void => undefined;
      const own = { signal, over: new Promise<void>((resolve) => (leave = resolve)) };
      live.add(own);
      try {
        const dataset = await orAborted(datasets(spec.dataset), signal);
        const breathe = async (): Promise<void> => {
          await host.breathe();
          signal.throwIfAborted();
        };
        const bench = await benchOf(spec, { dataset, backend: report.id, start, host, breathe });
        yield* perform(bench, inbox, { host, signal, whole });
      } finally {
        live.delete(own);
        leave();
      }
    },
    async *study(spec, { signal, known = new Set() }) {
      report ??= await chooseBackend("auto", host);
      let leave = (): void => undefined;
      const own = { signal, over: new Promise<void>((resolve) => (leave = resolve)) };
      live.add(own);
      try {
        const plugin = studies.find(({ id }) => id === spec.study)!;
        yield* plugin.run(
          spec.params as never,
          deskOf({ host, signal, backend: report.id, pictures, datasets }),
          known,
        );
      } finally {
        live.delete(own);
        leave();
      }
    },
  };
}

interface Furniture extends Pick<Desk, "signal" | "pictures"> {
  readonly host: Host;
  readonly backend: BackendId;
  readonly datasets: (choice: DatasetChoice) => Promise<Dataset>;
}

function deskOf({ host, signal, backend, pictures, datasets }: Furniture): Desk {
  const breathe = async (): Promise<void> => {
    await host.breathe();
    signal.throwIfAborted();
  };
  return {
    signal,
    breathe,
    manifest: (id) => datasetOf(id).manifest,
    pictures: (choice) => orAborted(pictures(choice), signal),
    dataset: (choice) => orAborted(datasets(choice), signal),
    async features(choice) {
      const plugin = datasetOf(choice.id);
      // Packed files would be fetched a second time, for nothing.
      if (plugin.manifest.packed) return undefined;
      return (await orAborted(plugin.open(completed(choice).params as never, host), signal)).features;
    },
    model: (id) => modelOf(id),
    network: (options) => learnerOf(options, { backend, host, breathe }).learner,
  };
}

interface Engine {
  readonly backend: BackendId;
  readonly host: Host;
  readonly breathe: () => Promise<void>;
}

/** A model that is ready to learn, and its layers where it is a network. @throws LabError `too-large`, `spec-invalid` */
function learnerOf({ model: { id, params }, ...options }: NetworkOptions, { backend, host, breathe }: Engine) {
  const model = modelOf(id);
  if ("learner" in model) return { learner: model.learner(params as never, options), plans: undefined };
  const plans = model.build(params as never, options.examples.shape, options.examples.outputCount);
  const learner = networkLearner({
    plans,
    ...options,
    largest: largestTensor(backend),
    helpers: host.helpers,
    memoryBytes: host.memoryBytes,
    breathe,
  });
  return { learner: learner as Learner<unknown>, plans };
}

/** Parameters that are not given are as usual. @throws LabError `spec-invalid` */
const completed = (choice: DatasetChoice): DatasetChoice => ({
  ...choice,
  params: checkValues("dataset.params", datasetOf(choice.id).params, choice.params),
});

const modelOf = (id: string): ModelPlugin => models.find((model) => model.id === id)!;

const datasetOf = (id: string): DatasetPlugin => plugins.find(({ manifest }) => manifest.id === id)!;

interface Opening extends Engine {
  readonly dataset: Dataset;
  readonly start: Snapshot | undefined;
}

async function benchOf(spec: ExperimentSpec, { dataset, backend, start, host, breathe }: Opening) {
  const { training, model, seed } = spec;
  const loss = training.loss as LossId;
  const plugin = modelOf(model.id);
  if ("learner" in plugin) plugin.checkTraining?.(training);
  const { learner, plans } = learnerOf({ model, examples: dataset, loss, seed }, { backend, host, breathe });
  if (plans) await modelTrial(plans, dataset.shape);
  return { spec, dataset, learner, ...(start ? { start } : {}) };
}

/** Choices of images whose work is kept: the runs of a comparison, a reset and the image grid share one. */
const mostKept = 2;

function newest<T>(open: (choice: DatasetChoice) => Promise<T>): (choice: DatasetChoice) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (choice) => {
    const key = canonical(choice);
    const opened = kept.get(key) ?? open(choice);
    kept.delete(key);
    kept.set(key, opened);
    // What failed may be there the next time, for example once the files are packed.
    opened.catch(() => kept.delete(key));
    for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
    return opened;
  };
}

/** The work's outcome, which others may share; whoever is stopped does not wait for it. @throws the signal's reason */
function orAborted<T>(work: Promise<T>, signal: Signal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      try {
        signal.throwIfAborted();
      } catch (reason) {
        reject(reason);
      }
    };
    stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function concatenated(images: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(images.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const image of images) {
    all.set(image, at);
    at += image.length;
  }
  return all;
}
