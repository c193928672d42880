// The run of a study of paths: the images first, then one network after the other, trained and measured along all paths.
import { rng } from "../../../math/rng.ts";
import { mean } from "../../../math/stats.ts";
import type { Examples, Learner } from "../../contracts.ts";
import { datasetOf, type Dataset } from "../../dataset.ts";
import { LabError } from "../../error.ts";
import { defaults } from "../../params.ts";
import { relativeSimilarity } from "../../similarity.ts";
import { numbering } from "../../spec.ts";
import type { Desk, StudyEvent } from "../../study.ts";
import { course } from "../../training.ts";
import { imagesKey, networksOf, similarityKey, type ImagePathFinding } from "./finding.ts";
import { pathsOf, type Path } from "./path.ts";
import { courseOf, imagesOf, inputOf, type Course } from "./pictures.ts";
import { choiceOf, classesOf, type ImagePathParams } from "./setting.ts";

/** The data set followed by the images of one anchor's paths at a time. */
interface Walk {
  readonly examples: Examples;
  /** Puts other images after those of the data set and returns their numbers. */
  lay(pictures: readonly Float32Array[]): number[];
}

function walkOf(dataset: Dataset, most: number, label: number): Walk {
  const first = dataset.trainCount + dataset.testCount;
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  let laid: readonly Float32Array[] = [];
  const labels = new Uint8Array(first + most).fill(label);
  labels.set(dataset.labels);
  return {
    examples: {
      shape: dataset.shape,
      outputCount: dataset.outputCount,
      labels,
      read(examples) {
        const inputs = new Float32Array(examples.length * size);
        examples.forEach((example, row) =>
          inputs.set(example < first ? dataset.read([example]) : inputOf(laid[example - first]!, dataset), row * size),
        );
        return inputs;
      },
    },
    lay(pictures) {
      laid = pictures;
      return pictures.map((_, at) => first + at);
    },
  };
}

export async function* run(
  chosen: ImagePathParams,
  desk: Desk,
  found: ReadonlySet<string>,
): AsyncGenerator<StudyEvent<ImagePathFinding>> {
  const paths = pathsOf(chosen);
  const networks = networksOf(chosen);
  yield { kind: "progress", progress: { stage: "getting the images", share: 0 } };
  const dataChoice = choiceOf(chosen);
  const dataset = await datasetOf(desk.manifest(chosen.dataset), dataChoice, {
    pixels: await desk.pictures(dataChoice),
    host: desk,
  });
  const courseAt = courseOf(chosen, dataset, await desk.features(dataChoice));
  for (const path of paths)
    if (!found.has(imagesKey(chosen, path)))
      yield {
        kind: "finding",
        key: imagesKey(chosen, path),
        value: await imagesOf(chosen, path, { dataset, courseAt, desk }),
      };
  const most = paths.reduce((sum, { id, at }) => sum + at.length * (id === "noise" ? chosen.draws : 1), 0);
  const walk = walkOf(dataset, most, classesOf[chosen.dataset]!.indexOf(chosen.anchorClass));
  for (const model of new Set(networks.map((network) => network.model))) {
    const missing = networks
      .filter((network) => network.model === model)
      .map((network) => ({
        epoch: network.epoch,
        paths: paths.filter((path) => !found.has(similarityKey(chosen, path, network))),
      }))
      .filter((each) => each.paths.length > 0);
    if (missing.length === 0) continue;
    yield* measured(chosen, { desk, dataset, walk, courseAt, model, missing });
  }
}

interface Measuring {
  readonly desk: Desk;
  readonly dataset: Dataset;
  readonly walk: Walk;
  readonly courseAt: Course;
  readonly model: string;
  readonly missing: readonly { readonly epoch: number; readonly paths: readonly Path[] }[];
}

/** Trains one model and measures it at the epochs that are missing. */
async function* measured(
  chosen: ImagePathParams,
  { desk, dataset, walk, courseAt, model, missing }: Measuring,
): AsyncGenerator<StudyEvent<ImagePathFinding>> {
  const plugin = desk.model(model);
  const network = desk.network({
    model: { id: model, params: defaults(plugin.params) },
    examples: walk.examples,
    loss: "cross-entropy",
    seed: chosen.seed,
  });
  const last = Math.max(...missing.map(({ epoch }) => epoch));
  const plan = {
    epochs: last,
    batchSize: chosen.batchSize,
    stepSize: chosen.stepSize,
    order: rng(chosen.seed).fork("training order"),
  };
  const training = Array.from({ length: dataset.trainCount }, (_, id) => id);
  for await (const { epoch, state } of course(network, training, { plan, breathe: desk.breathe })) {
    yield {
      kind: "progress",
      progress: { stage: `${plugin.title}: epoch ${epoch} of ${last}`, share: epoch / Math.max(1, last) },
    };
    const due = missing.find((each) => each.epoch === epoch);
    if (!due) continue;
    const rows = due.paths.map((): Float64Array[] => []);
    for (let anchor = 0; anchor < chosen.anchors; anchor++) {
      yield {
        kind: "progress",
        progress: {
          stage: `${plugin.title}, epoch ${epoch}: image ${anchor + 1} of ${chosen.anchors}`,
          share: anchor / chosen.anchors,
        },
      };
      const pictures = due.paths.map((path) => courseAt(anchor, path));
      const similarity = await similarityOf(network, state, { chosen, walk, anchor, pictures: pictures.flat(2) });
      let at = 0;
      pictures.forEach((path, index) =>
        rows[index]!.push(Float64Array.from(path, (draws) => mean(similarity.subarray(at, (at += draws.length))))),
      );
    }
    for (const [index, path] of due.paths.entries())
      yield {
        kind: "finding",
        key: similarityKey(chosen, path, { model, epoch }),
        value: { kind: "similarity", similarity: Float64Array.from(rows[index]!.flatMap((row) => [...row])) },
      };
  }
}

interface Step {
  readonly chosen: ImagePathParams;
  readonly walk: Walk;
  readonly anchor: number;
  readonly pictures: readonly Float32Array[];
}

/** What one step on an anchor does to the pictures. [picture] */
async function similarityOf(
  network: Learner<unknown>,
  state: unknown,
  { chosen, walk, anchor, pictures }: Step,
): Promise<Float64Array> {
  const { idOf } = numbering(choiceOf(chosen));
  const example = idOf(classesOf[chosen.dataset]!.indexOf(chosen.anchorClass), "train", anchor);
  const { rule, delta, eta } = chosen;
  const watch = await network.watch(state, walk.lay(pictures));
  try {
    for await (const response of watch.respond(
      [example],
      rule === "fixed" ? { rule, eta } : { rule: "own rise", delta },
    ))
      return relativeSimilarity(response);
    throw new LabError("internal", "A step gave no response.");
  } finally {
    watch.release();
  }
}
