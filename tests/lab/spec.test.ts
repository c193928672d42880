// Specs from outside: what is accepted is written one way only, what is refused is named together with the remedy.
import { withModel } from "../../src/app/panels/draft.ts";
import { describe, expect, it } from "vitest";
import { describe as describeLab } from "../../src/lab/catalogue.ts";
import { Inbox, script, type Command } from "../../src/lab/command.ts";
import { LabError } from "../../src/lab/error.ts";
import { checkValues, choice, flag, int, ints, real, type Param, type Params } from "../../src/lab/params.ts";
import {
  canonical,
  classesOf,
  numbering,
  parseSpec,
  parseSpecText,
  probingParams,
  trainingParams,
  type ExperimentSpec,
} from "../../src/lab/spec.ts";
import { fc, forAll } from "../helpers/property.ts";

const catalogue = describeLab();
const parse = (value: unknown): ExperimentSpec => parseSpec(value, catalogue);

/** A spec with hardly a value at its default. */
const unusual = {
  version: 1,
  seed: 7,
  dataset: {
    id: "drawn",
    classes: ["tiger", "cat", "plane"],
    trainPerClass: 40,
    testPerClass: 30,
    params: { seed: 5, stripes: "nowhere", background: "plain" },
  },
  model: { id: "mlp", params: { widths: [32, 16], activation: "tanh" } },
  training: { epochs: 9, batchSize: 10, stepSize: 0.02, momentum: 0.9, loss: "squared-error" },
  probing: {
    anchorsPerClass: 4,
    anchorSplit: "test",
    probesPerClass: 6,
    probeSplit: "train",
    epochs: [0, 3, 9],
    rule: "fixed",
    delta: 0.2,
    eta: 0.003,
  },
};

/** What a refusal says; every one is a single sentence under the same code. */
function refusalOf(act: () => unknown): string {
  let thrown: unknown = "nothing was thrown";
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(LabError);
  expect((thrown as LabError).code).toBe("spec-invalid");
  const { message } = thrown as LabError;
  expect(message).toMatch(/^[^\n\r]+\.$/);
  return message;
}

describe("a spec", () => {
  it("keeps every value that was given", () => {
    const spec = parse(unusual);
    expect(spec).toMatchObject(unusual);
    expect(Object.keys(spec).sort()).toEqual(Object.keys(unusual).sort());
  });

  it("comes back from its own text as it was", () => {
    for (const given of [{}, unusual, { dataset: { id: "mnist" }, model: { id: "linear" } }]) {
      const spec = parse(given);
      expect(parseSpecText(canonical(spec), catalogue)).toEqual(spec);
      expect(parseSpecText(JSON.stringify(spec, null, 2), catalogue)).toEqual(spec);
    }
  });

  it("gets the default of whatever part is missing, and of nothing else", () => {
    const usual = parse({});
    const whole = parse(unusual);
    expect(parse({ ...unusual, training: undefined })).toEqual({ ...whole, training: usual.training });
    for (const name of Object.keys(trainingParams)) {
      const training = Object.fromEntries(Object.entries(unusual.training).filter(([own]) => own !== name));
      const byDefault = trainingParams[name as keyof typeof trainingParams].byDefault;
      expect(parse({ ...unusual, training })).toEqual({ ...whole, training: { ...whole.training, [name]: byDefault } });
    }
    for (const { manifest } of catalogue.datasets)
      expect(parse({ dataset: { id: manifest.id } }).dataset).toMatchObject({
        classes: manifest.classes.map(({ id }) => id),
        trainPerClass: manifest.defaultPerClass.train,
        testPerClass: manifest.defaultPerClass.test,
      });
  });

  it("is trained as is usual for its model, unless it says otherwise", () => {
    const { training } = parse({ model: { id: "neurashed" } });
    expect(training).toEqual({ ...parse({}).training, batchSize: 1, stepSize: 0.05 });
    expect(parse({ model: { id: "neurashed" }, training: { batchSize: 64 } }).training.batchSize).toBe(64);
  });

  it("takes another model with what is usual for it, and keeps what was chosen", () => {
    const chosen = parse({ training: { stepSize: 0.02 } });
    const model = withModel(chosen, "neurashed", catalogue);
    expect(model.training).toEqual({ ...chosen.training, batchSize: 1 });
    expect(parse(model)).toEqual(model);
    expect(withModel(model, "cnn", catalogue)).toEqual(chosen);
  });

  it("has its classes in the data set's order and its epochs rising, each once", () => {
    const spec = parse({
      dataset: { classes: ["plane", "tiger", "cat"] },
      probing: { epochs: [10, 0, 2, 10] },
    });
    expect(spec.dataset.classes).toEqual(["tiger", "cat", "plane"]);
    expect(classesOf(spec, catalogue).map(({ id }) => id)).toEqual(spec.dataset.classes);
    expect(spec.probing.epochs).toEqual([0, 2, 10]);
  });

  it("is the same text whatever the order of its keys", () => {
    const turned = (value: unknown): unknown =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, item]) => [name, turned(item)]),
          )
        : value;
    expect(JSON.stringify(turned(unusual))).not.toBe(JSON.stringify(unusual));
    expect(canonical(turned(unusual))).toBe(canonical(unusual));
    expect(canonical([{ b: 1, a: [3, 2] }])).toBe('[{"a":[3,2],"b":1}]');
  });

  it("allows both ends of every range", () => {
    const { min, max } = trainingParams.stepSize;
    for (const stepSize of [min, max]) expect(parse({ training: { stepSize } }).training.stepSize).toBe(stepSize);
    const dataset = { id: "drawn", trainPerClass: 3, testPerClass: 2 };
    const probing = { anchorsPerClass: 3, probesPerClass: 2 };
    expect(parse({ dataset, probing }).probing).toMatchObject(probing);
  });
});

/** The name of the case, what is given, and what the sentence must contain: the value and the remedy. */
type Refused = readonly [name: string, given: unknown, ...mentions: string[]];

const drawnIds = "tiger, lion, cat, dog, plane, ship, car";
const datasetIds = catalogue.datasets.map(({ manifest }) => manifest.id).join(", ");
const modelIds = catalogue.models.map(({ id }) => id).join(", ");

const refused: readonly Refused[] = [
  ["a list instead of a spec", [1, 2], "spec is [1,2]", "give an object"],
  ["a text instead of a spec", "cnn", 'spec is "cnn"', "give an object"],
  ["nothing instead of a spec", null, "spec is null", "give an object"],
  ["a newer version", { version: 2 }, "version is 2", "reads version 1", "newer lab"],
  ["an unheard-of version", { version: "one" }, 'version is "one"', "give 1"],
  ["an empty version", { version: null }, "version is null", "give 1"],
  ["a version before the first", { version: 0 }, "version is 0", "give 1"],
  ["an unknown part", { optimiser: "adam" }, "optimiser", "version, seed, dataset, model, training, probing"],
  ["a misspelt key of the data set", { dataset: { clases: [] } }, "dataset.clases", "id, classes, trainPerClass"],
  ["a misspelt key of the model", { model: { name: "cnn" } }, "model.name", "id, params"],
  ["a misspelt parameter of training", { training: { stepsize: 1 } }, "training.stepsize", "stepSize"],
  ["a misspelt parameter of probing", { probing: { anchors: 1 } }, "probing.anchors", "anchorsPerClass"],
  ["a parameter that lives on the prototype", { training: { toString: 1 } }, "training.toString", "epochs, batchSize"],
  ["a parameter of another model", { model: { id: "mlp", params: { kernel: "3" } } }, "model.params.kernel", "widths"],
  ["a parameter of a model that has none", { model: { id: "linear", params: { widths: [] } } }, "widths", "none"],
  ["an unknown data set", { dataset: { id: "imagenet" } }, 'dataset.id is "imagenet"', datasetIds],
  ["an empty data set", { dataset: { id: null } }, "dataset.id is null", datasetIds],
  ["an unknown model", { model: { id: "resnet" } }, 'model.id is "resnet"', modelIds],
  ["an empty model", { model: { id: null } }, "model.id is null", modelIds],
  ["a data set by name alone", { dataset: "drawn" }, 'dataset is "drawn"', "give an object"],
  ["a model by name alone", { model: "cnn" }, 'model is "cnn"', "give an object"],
  ["training as a number", { training: 5 }, "training is 5", "give an object"],
  ["parameters as a list", { model: { params: [3] } }, "model.params is [3]", "give an object"],
  ["a class that is not there", { dataset: { classes: ["tiger", "wolf"] } }, '"wolf"', drawnIds],
  ["a class of infinite number", { dataset: { classes: ["tiger", Infinity] } }, "Infinity", drawnIds],
  ["one class", { dataset: { classes: ["tiger"] } }, 'dataset.classes is ["tiger"]', "at least two", drawnIds],
  ["no classes", { dataset: { classes: [] } }, "dataset.classes is []", "at least two", drawnIds],
  ["classes as text", { dataset: { classes: "tiger, cat" } }, '"tiger, cat"', "list of at least two"],
  ["a class twice", { dataset: { classes: ["cat", "cat", "dog"] } }, "twice", "cat, dog once"],
  ["no training images", { dataset: { trainPerClass: 0 } }, "dataset.trainPerClass is 0", "between 1 and 5000"],
  ["more images than can be drawn", { dataset: { testPerClass: 1001 } }, "is 1001", "between 1 and 1000"],
  ["half an image", { dataset: { trainPerClass: 2.5 } }, "is 2.5", "whole number between 1 and 5000"],
  ["a seed below zero", { seed: -1 }, "seed is -1", "whole number between 0 and 2147483647"],
  ["a seed with a fraction", { seed: 1.5 }, "seed is 1.5", "whole number"],
  ["a seed beyond 31 bits", { seed: 2 ** 31 }, "seed is 2147483648", "between 0 and 2147483647"],
  ["an empty seed", { seed: null }, "seed is null", "whole number between 0"],
  ["a number as text", { training: { stepSize: "0.1" } }, 'training.stepSize is "0.1"', "between 1e-8 and 100"],
  ["a number that is none", { training: { stepSize: NaN } }, "training.stepSize is NaN", "between 1e-8 and 100"],
  ["an infinite number", { training: { stepSize: Infinity } }, "is Infinity", "between 1e-8 and 100"],
  ["an infinite count", { training: { epochs: -Infinity } }, "is -Infinity", "whole number between 1 and 1000"],
  ["no training at all", { training: { epochs: 0 } }, "training.epochs is 0", "between 1 and 1000"],
  ["a step of size zero", { training: { stepSize: 0 } }, "training.stepSize is 0", "between 1e-8 and 100"],
  ["a momentum of one", { training: { momentum: 1 } }, "training.momentum is 1", "between 0 and 0.999"],
  ["an unknown loss", { training: { loss: "hinge" } }, '"hinge"', "cross-entropy, squared-error"],
  ["a loss by number", { training: { loss: 0 } }, "training.loss is 0", "cross-entropy, squared-error"],
  ["epochs as a number", { probing: { epochs: 5 } }, "probing.epochs is 5", "list of 1 to 64 whole numbers"],
  ["no epoch to measure at", { probing: { epochs: [] } }, "probing.epochs is []", "list of 1 to 64 whole numbers"],
  ["half an epoch", { probing: { epochs: [0, 0.5] } }, "probing.epochs[1] is 0.5", "between 0 and 1000"],
  ["an epoch before the start", { probing: { epochs: [-1] } }, "probing.epochs[0] is -1", "between 0 and 1000"],
  ["too many hidden layers", { model: { params: { widths: [1, 2, 3, 4, 5] } } }, "[1,2,3,4,5]", "at most 4"],
  ["a layer of no width", { model: { params: { widths: [0] } } }, "model.params.widths[0] is 0", "between 1 and 8192"],
  ["a kernel between the sizes", { model: { params: { kernel: "4" } } }, '"4"', "1, 3, 5, 7"],
  ["an unknown step rule", { probing: { rule: "adam" } }, '"adam"', "own rise, fixed"],
  [
    "a schedule that training never reaches",
    { training: { epochs: 3 }, probing: { epochs: [4, 8] } },
    "probing.epochs is 4, 8",
    "the last epoch of training, 3",
    "3 or before",
  ],
  [
    "more anchors than training images",
    { dataset: { trainPerClass: 8 }, probing: { anchorsPerClass: 9 } },
    "probing.anchorsPerClass is 9",
    "at most 8",
    "raise dataset.trainPerClass",
  ],
  [
    "more anchors than held-out images",
    { dataset: { testPerClass: 30 }, probing: { anchorsPerClass: 31, anchorSplit: "test" } },
    "probing.anchorsPerClass is 31",
    "at most 30",
    "raise dataset.testPerClass",
  ],
  [
    "more probes than there are",
    { dataset: { testPerClass: 5 }, probing: { probesPerClass: 6 } },
    "probing.probesPerClass is 6",
    "held-out",
    "at most 5",
  ],
];

describe("a spec that is refused", () => {
  it.each(refused)("names the value and the remedy for %s", (_name, given, ...mentions) => {
    const sentence = refusalOf(() => parse(given));
    for (const mention of mentions) expect(sentence).toContain(mention);
  });

  it.each([
    ["cut short", '{"seed": 1, "model"'],
    ["no JSON at all", "hello\nworld\nand more"],
    ["empty", ""],
  ])("says in one line that a text is no whole file where it is %s", (_name, text) => {
    expect(refusalOf(() => parseSpecText(text, catalogue))).toMatch(/not a whole JSON file .+; export it again/);
  });

  it("says that a number of the file is too large to be one", () => {
    expect(refusalOf(() => parseSpecText('{"training": {"stepSize": 1e400}}', catalogue))).toContain("Infinity");
  });
});

/** Any value that a declaration allows. */
function allowed(param: Param): fc.Arbitrary<unknown> {
  switch (param.kind) {
    case "real":
      return fc.double({ min: param.min, max: param.max, noNaN: true });
    case "int":
      return fc.integer({ min: param.min, max: param.max });
    case "choice":
      return fc.constantFrom(...param.options);
    case "flag":
      return fc.boolean();
    case "ints":
      return fc.array(fc.integer({ min: param.min, max: param.max }), {
        minLength: param.minCount ?? 0,
        maxLength: param.maxCount,
      });
    case "words":
      return fc.uniqueArray(param.options ? fc.constantFrom(...param.options) : fc.stringMatching(/^[a-z]{1,8}$/), {
        minLength: param.minCount ?? 0,
        maxLength: param.maxCount,
      });
  }
}

/** Some of the parameters, each with a value that is allowed. */
const allowedValues = (params: Params): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(params).map(([name, param]) => [name, allowed(param)])), {
    requiredKeys: [],
  });

const anyDataset = fc.constantFrom(...catalogue.datasets).chain(({ manifest, params }) =>
  fc.record({
    id: fc.constant(manifest.id),
    classes: fc.shuffledSubarray(
      manifest.classes.map(({ id }) => id),
      { minLength: 2 },
    ),
    trainPerClass: fc.integer({ min: 1, max: manifest.maxPerClass.train }),
    testPerClass: fc.integer({ min: 1, max: manifest.maxPerClass.test }),
    params: allowedValues(params),
  }),
);

const anyModel = fc
  .constantFrom(...catalogue.models)
  .chain(({ id, params }) => fc.record({ id: fc.constant(id), params: allowedValues(params) }));

/** Any spec that is allowed: never more anchors and probes than images, and something is measured. */
const anySpec = anyDataset.chain((dataset) => {
  const most = Math.min(dataset.trainPerClass, dataset.testPerClass, 1000);
  const count = fc.integer({ min: 1, max: most });
  return fc.record({
    seed: fc.nat(),
    dataset: fc.constant(dataset),
    model: anyModel,
    training: allowedValues(trainingParams),
    probing: fc.tuple(allowedValues(probingParams), count, count).map(([values, anchorsPerClass, probesPerClass]) => ({
      ...values,
      anchorsPerClass,
      probesPerClass,
      ...(Array.isArray(values.epochs) ? { epochs: [0, ...values.epochs.slice(1)] } : {}),
    })),
  });
});

describe("any spec that is allowed", () => {
  it("passes, and passes again as the same text", () => {
    forAll(
      anySpec,
      (given) => {
        const spec = parse(given);
        expect(canonical(parse(spec))).toBe(canonical(spec));
        expect(canonical(parseSpecText(canonical(spec), catalogue))).toBe(canonical(spec));
        expect(spec.model.params).toMatchObject(given.model.params);
        expect(spec.dataset.params).toMatchObject(given.dataset.params);
        expect(spec.training).toMatchObject(given.training);
        expect(new Set(spec.dataset.classes)).toEqual(new Set(given.dataset.classes));
      },
      200,
    );
  });
});

describe("any junk", () => {
  /** Junk itself, or junk in one place of a good spec. */
  const paths = [["seed"], ["version"], ["dataset"], ["model"], ["training"], ["probing"]].concat(
    (["dataset", "model", "training", "probing"] as const).flatMap((part) =>
      Object.keys(unusual[part]).map((name) => [part, name]),
    ),
  );
  const misplaced = fc.tuple(fc.constantFrom(...paths), fc.jsonValue()).map(([[part, name], junk]) => {
    const there = unusual[part as "training"] as Record<string, unknown>;
    return { ...unusual, [part!]: name === undefined ? junk : { ...there, [name]: junk } };
  });

  const parsesOrRefuses = (act: () => ExperimentSpec): void => {
    try {
      const spec = act();
      expect(canonical(parse(spec))).toBe(canonical(spec));
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).code).toBe("spec-invalid");
    }
  };

  it("is either a spec or refused by the lab's own error", () => {
    forAll(fc.oneof(misplaced, fc.jsonValue()), (junk) => parsesOrRefuses(() => parse(junk)), 500);
  });

  it("in a text is either a spec or refused by the lab's own error", () => {
    const text = JSON.stringify(unusual);
    const cut = fc.nat(text.length).map((length) => text.slice(0, length));
    const spoilt = fc
      .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3, unit: "grapheme" }))
      .map(([at, junk]) => text.slice(0, at) + junk + text.slice(at + 1));
    forAll(fc.oneof(cut, spoilt, fc.string()), (junk) => parsesOrRefuses(() => parseSpecText(junk, catalogue)), 500);
  });
});

describe("a declaration of parameters", () => {
  const params = {
    rate: real({ title: "Rate", byDefault: 0.5, min: 0, max: 1 }),
    count: int({ title: "Count", byDefault: 3, min: 1, max: 9 }),
    kind: choice({ title: "Kind", byDefault: "a", options: ["a", "b"] }),
    on: flag({ title: "On", byDefault: true }),
    widths: ints({ title: "Widths", byDefault: [4], min: 1, max: 8, maxCount: 2 }),
  };

  it("takes what is allowed and fills in the rest", () => {
    expect(checkValues("here", params, undefined)).toEqual({ rate: 0.5, count: 3, kind: "a", on: true, widths: [4] });
    const given = { rate: 1, count: 9, kind: "b", on: false, widths: [] };
    expect(checkValues("here", params, given)).toEqual(given);
  });

  it.each([
    ["rate", true, "here.rate is true; give a number between 0 and 1."],
    ["count", 9.5, "here.count is 9.5; give a whole number between 1 and 9."],
    ["kind", "c", 'here.kind is "c"; give one of: a, b.'],
    ["on", 1, "here.on is 1; give true or false."],
    ["widths", [1, 9], "here.widths[1] is 9; give a whole number between 1 and 8."],
    ["widths", "4", 'here.widths is "4"; give a list of at most 2 whole numbers.'],
    ["width", 4, "here.width is not a parameter here; the parameters are: rate, count, kind, on, widths."],
  ])("refuses %s = %j in one sentence", (name, value, sentence) => {
    expect(refusalOf(() => checkValues("here", params, { [name]: value }))).toBe(sentence);
  });

  it("of every plug-in and part has defaults that it allows itself", () => {
    const shelves = [...catalogue.datasets, ...catalogue.models].map(({ params: own }) => own);
    for (const own of [...shelves, trainingParams, probingParams] as Params[]) {
      const usual = checkValues("here", own, {});
      expect(checkValues("here", own, usual)).toEqual(usual);
    }
  });
});

describe("the numbers of the examples", () => {
  const { dataset } = parse(unusual);
  const numbers = numbering(dataset);

  it("run through both splits without gap or double", () => {
    const { classes, trainPerClass, testPerClass } = dataset;
    const ids = [
      ...classes.flatMap((_, own) => Array.from({ length: trainPerClass }, (_at, index) => [own, "train", index])),
      ...classes.flatMap((_, own) => Array.from({ length: testPerClass }, (_at, index) => [own, "test", index])),
    ] as [number, "train" | "test", number][];
    expect(ids.map((place) => numbers.idOf(...place))).toEqual(ids.map((_, example) => example));
    expect(ids.map(([classIndex, split, index]) => ({ classIndex, split, index }))).toEqual(
      ids.map((_, example) => numbers.of(example)),
    );
    expect(numbers.trainCount + numbers.testCount).toBe(ids.length);
  });

  it("give the first of each class in the order of the classes", () => {
    const places = numbers.firstOfEach("test", 2).map((example) => numbers.of(example));
    expect(places.map(({ classIndex, index }) => [classIndex, index])).toEqual(
      [0, 1, 2].flatMap((c) => [0, 1].map((i) => [c, i])),
    );
    expect(new Set(places.map(({ split }) => split))).toEqual(new Set(["test"]));
  });

  it.each([-1, 0.5, NaN, 3 * 70])("end where there are no more, so that %d is refused with the range", (example) => {
    const sentence = refusalOf(() => numbers.of(example));
    expect(sentence).toContain(`Example ${example} does not exist`);
    expect(sentence).toContain("from 0 to 209");
  });
});

describe("an inbox", () => {
  const train: Command = { do: "train", until: 3 };
  const pause: Command = { do: "pause" };
  const probe: Command = { do: "probe", anchors: [1], now: true };

  it("hands out a script in its order and then ends", async () => {
    const { signal } = new AbortController();
    const inbox = script([train, pause]);
    expect([await inbox.next(signal), await inbox.next(signal), await inbox.next(signal)]).toEqual([
      train,
      pause,
      undefined,
    ]);
  });

  it("lets only a live command through while something is under way, and only when it is first", async () => {
    const inbox = new Inbox();
    expect(inbox.urgent()).toBeUndefined();
    inbox.push(probe);
    inbox.push(pause);
    inbox.push(probe);
    expect(inbox.urgent()).toBe(probe);
    expect(inbox.urgent()).toBeUndefined();
    expect(await inbox.next(new AbortController().signal)).toBe(pause);
    expect(inbox.urgent()).toBe(probe);
  });

  it("keeps whoever waits until a command comes", async () => {
    const { signal } = new AbortController();
    const inbox = new Inbox();
    let came: Command | undefined;
    const waiting = inbox.next(signal).then((command) => (came = command));
    await new Promise((resolve) => setImmediate(resolve));
    expect(came).toBeUndefined();
    inbox.push(train);
    await waiting;
    expect(came).toBe(train);
  });

  it("tells whoever waits of the end and of a stop", async () => {
    const closed = new Inbox();
    const waiting = closed.next(new AbortController().signal);
    closed.close();
    expect(await waiting).toBeUndefined();

    const stop = new AbortController();
    const inbox = new Inbox();
    const stopped = inbox.next(stop.signal);
    stop.abort(new LabError("cancelled", "Stopped as asked."));
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    inbox.push(train);
    await expect(inbox.next(stop.signal)).rejects.toMatchObject({ code: "cancelled" });
  });
});
