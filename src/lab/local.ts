// The lab on this side of any port: data sets, models and the backend put together.
import { datasets, describe, models } from "./catalogue.ts";
import type { DatasetPlugin, Host, LossId } from "./contracts.ts";
import { openDataset, openImages } from "./dataset.ts";
import { LabError } from "./error.ts";
import type { BackendId, BackendReport, Lab, Snapshot } from "./lab.ts";
import { perform } from "./perform.ts";
import { canonical, type ExperimentSpec } from "./spec.ts";
import { chooseBackend, modelTrial } from "./tensor/backend.ts";
import { networkLearner } from "./tensor/learner.ts";
import { largestTensor } from "./tensor/tf.ts";

export function localLab(host: Host): Lab {
  let report: BackendReport | undefined;
  let liveCount = 0;
  const pictures = new Map<string, (example: number) => Uint8Array>();
  return {
    describe: () => Promise.resolve(describe()),
    async chooseBackend(wanted) {
      if (liveCount > 0)
        throw new LabError("backend-unsupported", "The backend cannot change under a live experiment; close it first.");
      return (report = await chooseBackend(wanted, host));
    },
    async images(choice, examples) {
      const key = canonical(choice);
      const read = pictures.get(key) ?? (await openImages(datasetOf(choice.id), choice, host));
      pictures.set(key, read);
      const images = [];
      for (const example of examples) {
        images.push(read(example));
        if (images.length % 16 === 0) await host.breathe();
      }
      return concatenated(images);
    },
    async *run(spec, inbox, { signal, start, whole = false }) {
      report ??= await chooseBackend("auto", host);
      liveCount += 1;
      try {
        const bench = await benchOf(spec, report.id, host, start);
        yield* perform(bench, inbox, { host, signal, whole });
      } finally {
        liveCount -= 1;
      }
    },
  };
}

const datasetOf = (id: string): DatasetPlugin => datasets.find(({ manifest }) => manifest.id === id)!;

async function benchOf(spec: ExperimentSpec, backend: BackendId, host: Host, start: Snapshot | undefined) {
  const dataset = await openDataset(datasetOf(spec.dataset.id), spec.dataset, host);
  const model = models.find(({ id }) => id === spec.model.id)!;
  const plans = model.build(spec.model.params as never, dataset.shape, dataset.classes.length);
  const learner = networkLearner({
    plans,
    dataset,
    loss: spec.training.loss as LossId,
    seed: spec.seed,
    largest: largestTensor(backend),
  });
  await modelTrial(plans, dataset.shape);
  return { spec, dataset, learner, ...(start ? { start } : {}) };
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
