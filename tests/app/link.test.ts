// The link of an experiment: what goes in comes out, and a link that was damaged on its way says so.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defaultBeside,
  defaultView,
  experimentText,
  parseExperimentText,
  type Shared,
} from "../../src/app/state/experiment.ts";
import { decode, encode } from "../../src/app/state/link.ts";
import { describe as catalogueOf } from "../../src/lab/catalogue.ts";
import type { Command } from "../../src/lab/command.ts";
import { LabError } from "../../src/lab/error.ts";
import { numbering, parseSpec } from "../../src/lab/spec.ts";
import { fakeCatalogue as catalogue } from "../helpers/fakeLab.ts";

const usual = (): Shared => {
  const spec = parseSpec({}, catalogue);
  return { spec, beside: defaultBeside(spec, catalogue), log: [], view: defaultView(spec, catalogue) };
};

const changed = (): Shared => {
  const spec = parseSpec(
    {
      seed: 7,
      dataset: { classes: ["tiger", "cat", "plane"], trainPerClass: 40, params: { stripes: "nowhere" } },
      model: { id: "mlp", params: { widths: [32, 16] } },
      training: { stepSize: 0.02, loss: "squared-error" },
      probing: { rule: "fixed", eta: 1e-4 },
    },
    catalogue,
  );
  return {
    spec,
    beside: { id: "cnn", params: parseSpec({ model: { id: "cnn" } }, catalogue).model.params },
    log: [
      { do: "train", until: 10 },
      { do: "probe", anchors: [3, 41], at: 0 },
      { do: "learn", anchor: 5 },
      { do: "probe", anchors: [5] },
      { do: "rewind", to: 10 },
    ],
    view: { ...defaultView(spec, catalogue), measure: "kernelized", anchor: 41, moment: 10, grouping: "relation" },
  };
};

const sentenceOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  }
  return "nothing was thrown";
};

describe("link", () => {
  it("brings back the default experiment and one with everything changed", () => {
    for (const shared of [usual(), changed()])
      expect(decode(`#${encode(shared, catalogue)}`, catalogue)).toEqual(shared);
  });

  it("brings back a batch size that is usual, but not for the model", () => {
    const real = catalogueOf();
    const spec = parseSpec({ model: { id: "neurashed" }, training: { batchSize: 64 } }, real);
    const shared = { spec, beside: defaultBeside(spec, real), log: [], view: defaultView(spec, real) };
    expect(decode(`#${encode(shared, real)}`, real)).toEqual(shared);
  });

  it("is short while nothing differs from the defaults", () => {
    expect(encode(usual(), catalogue).length).toBeLessThan(20);
  });

  it("brings back any spec, log and view", () => {
    const { trainCount, testCount } = numbering(usual().spec.dataset);
    const example = fc.nat(trainCount + testCount - 1);
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({ do: fc.constant("train" as const), until: fc.nat(100_000) }),
      fc.record({ do: fc.constant("learn" as const), anchor: example }),
      fc.record({ do: fc.constant("rewind" as const), to: fc.nat(100_000) }),
      fc.record({ do: fc.constant("probe" as const), anchors: fc.array(example, { minLength: 1, maxLength: 5 }) }),
    );
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(2 ** 31 - 1),
          training: fc.record({ stepSize: fc.double({ min: 1e-8, max: 100, noNaN: true }) }),
        }),
        fc.array(command, { maxLength: 30 }),
        example,
        (given, log, anchor) => {
          const spec = parseSpec(given, catalogue);
          const shared = { ...usual(), spec, log, view: { ...usual().view, anchor } };
          expect(decode(encode(shared, catalogue), catalogue)).toEqual(shared);
        },
      ),
    );
  });

  it("says that it was cut off, wherever it was cut", () => {
    const whole = encode(changed(), catalogue);
    for (let length = 1; length < whole.length; length++)
      expect(sentenceOf(() => decode(whole.slice(0, length), catalogue))).toMatch(/cut off/);
  });

  it("does not mind what a mail client hangs on to its end", () => {
    for (const tail of [".", ")", ">", "abc", "%20"])
      expect(decode(encode(changed(), catalogue) + tail, catalogue)).toEqual(changed());
  });

  it("says that it was altered", () => {
    const whole = encode(changed(), catalogue);
    const at = whole.length - 10;
    const altered = whole.slice(0, at) + (whole[at] === "A" ? "B" : "A") + whole.slice(at + 1);
    expect(sentenceOf(() => decode(altered, catalogue))).toMatch(/altered/);
  });

  it("says that it comes from a newer lab", () => {
    expect(sentenceOf(() => decode(encode(usual(), catalogue).replace("v1", "v2"), catalogue))).toMatch(/newer lab/);
  });

  it("refuses what is out of range with the value and the remedy", () => {
    const { spec, ...rest } = usual();
    const wild = { ...rest, spec: { ...spec, training: { ...spec.training, stepSize: 1e9 } } };
    expect(sentenceOf(() => decode(encode(wild, catalogue), catalogue))).toBe(
      "training.stepSize is 1000000000; give a number between 1e-8 and 100.",
    );
    const nobody = { ...usual(), log: [{ do: "learn" as const, anchor: 10_000_000 }] };
    expect(sentenceOf(() => decode(encode(nobody, catalogue), catalogue))).toMatch(/log\[0\].anchor is 10000000/);
  });
});

describe("experiment file", () => {
  it("brings the experiment back, and takes a spec alone", () => {
    expect(parseExperimentText(experimentText(changed()), catalogue)).toEqual(changed());
    expect(parseExperimentText(JSON.stringify(usual().spec), catalogue)).toEqual(usual());
  });

  it("remembers that nothing ran beside", () => {
    const alone = { ...usual(), beside: undefined };
    expect(parseExperimentText(experimentText(alone), catalogue)).toEqual(alone);
    expect(decode(encode(alone, catalogue), catalogue)).toEqual(alone);
  });

  it("names what is wrong in one sentence", () => {
    const text = experimentText(usual());
    const cases: readonly [string, RegExp][] = [
      [text.slice(0, text.length / 2), /ends too early/],
      ["PK\u0003\u0004", /holds no JSON/],
      [JSON.stringify({ version: 9, spec: {} }), /newer lab/],
      [JSON.stringify({ spec: { model: { id: "gpt" } } }), /model.id is "gpt"; give one of: cnn, mlp, linear/],
      [JSON.stringify({ spec: {}, beside: { id: "gpt" } }), /beside.id is "gpt"/],
      [JSON.stringify({ spec: {}, log: [{ do: "fly" }] }), /log\[0\].do is "fly"/],
      [JSON.stringify({ spec: {}, view: { measure: "x" } }), /view.measure is "x"/],
      [JSON.stringify({ spec: { probing: { anchorsPerClass: 900 } } }), /has 300 images a class/],
      [JSON.stringify([1]), /give an object/],
    ];
    for (const [given, sentence] of cases)
      expect(sentenceOf(() => parseExperimentText(given, catalogue))).toMatch(sentence);
  });
});
