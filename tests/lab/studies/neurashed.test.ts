// The study of the neurashed-style model: its three claims over the default seeds, its estimators, and what it refuses.
import { beforeAll, describe, expect, it } from "vitest";
import { svgOf } from "../../../src/app/export/svg.ts";
import { isHeatmap, isLine, type Figure } from "../../../src/app/figures/figure.ts";
import {
  nearestMoment,
  neurashedElasticity,
  neurashedInformation,
  neurashedPaths,
} from "../../../src/app/figures/neurashedCurves.ts";
import { neurashedPairs } from "../../../src/app/figures/neurashedPairs.ts";
import { lightTheme } from "../../../src/app/figures/palette.ts";
import { manifests } from "../../../src/lab/manifests.ts";
import { localLab } from "../../../src/lab/local.ts";
import type { Relation } from "../../../src/lab/relation.ts";
import { levelCount } from "../../../src/lab/simulators/neurashed.ts";
import { wordsOf } from "../../../src/lab/simulators/neurashed/words.ts";
import { neurashed } from "../../../src/lab/studies/neurashed.ts";
import {
  gapsOf,
  relationCurve,
  runsOf,
  tenth,
  type NeurashedFinding,
} from "../../../src/lab/studies/neurashed/finding.ts";
import {
  graphOfStudy,
  momentsOf,
  neurashedKey,
  type NeurashedParams,
} from "../../../src/lab/studies/neurashed/setting.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";
import { entropy, mutualInformation } from "../../../src/math/information.ts";
import { interval, mean, type Interval } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const paramsOf = (params: object = {}): NeurashedParams =>
  parseStudy({ study: "neurashed", params }, studies).params as unknown as NeurashedParams;

async function found(params: object = {}, known: ReadonlySet<string> = new Set()) {
  const lab = localLab({ ...nodeHost, backends: ["cpu"] });
  const spec = parseStudy({ study: "neurashed", params }, studies);
  const findings = new Map<string, NeurashedFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, known }))
    if (event.kind === "finding") findings.set(event.key, event.value as NeurashedFinding);
  return findings;
}

/** Over seeds: a relation's mean over the first or the last tenth. */
function over(
  chosen: NeurashedParams,
  findings: ReadonlyMap<string, NeurashedFinding>,
  name: Relation,
  which: "first" | "last",
): Interval {
  const runs = runsOf(chosen, findings, chosen.batchSizes[0]!);
  return interval(runs.map(({ finding }) => tenth(chosen, relationCurve(chosen, finding, name), which)));
}

/** With fewer examples than the page has. */
const small = { anchorsPerClass: 4, probesPerClass: 15 };

describe("local elasticity in the default graph", () => {
  const chosen = paramsOf();
  let findings: Map<string, NeurashedFinding>;
  beforeAll(async () => {
    findings = await found();
  }, 60_000);

  it("orders same, sibling and unrelated in the end, with bands apart", () => {
    expect(chosen.seeds).toHaveLength(10);
    const [same, sibling, unrelated] = (["same", "sibling", "unrelated"] as const).map((name) =>
      over(chosen, findings, name, "last"),
    );
    expect(same!.low).toBeGreaterThan(sibling!.high);
    expect(sibling!.low).toBeGreaterThan(unrelated!.high);
  });

  it("appears late: the gap of same and unrelated at least doubles from the first to the last tenth, from every seed", () => {
    const ratios = runsOf(chosen, findings, 1).map(({ finding }) => {
      const { first, last } = gapsOf(chosen, finding);
      expect(first).toBeGreaterThan(0);
      return last / first;
    });
    expect(Math.min(...ratios)).toBeGreaterThan(2);
    expect(interval(ratios).low).toBeGreaterThan(2.4);
  });

  it("compresses the scores of the classes while they still tell the class", () => {
    const levels = levelCount(graphOfStudy(chosen));
    const last = momentsOf(chosen).length - 1;
    const change = (of: "inputInformation" | "labelInformation", level: number): Interval =>
      interval(
        runsOf(chosen, findings, 1).map(({ finding }) => finding[of][last * levels + level]! - finding[of][level]!),
      );
    expect(change("inputInformation", levels - 1).high).toBeLessThan(0);
    expect(change("inputInformation", 1).high).toBeLessThan(0);
    for (const { finding } of runsOf(chosen, findings, 1)) {
      expect(finding.labelInformation.at(-1)).toBeGreaterThan(1.8);
      expect(finding.accuracy.at(-1)).toBeGreaterThan(0.9);
      // Nothing can tell more than what all examples, or all classes, have.
      expect(Math.max(...finding.inputInformation)).toBeLessThanOrEqual(Math.log2(200) + 1e-9);
      expect(Math.max(...finding.labelInformation)).toBeLessThanOrEqual(2 + 1e-9);
    }
  });

  it("finds what it announced, the same bytes each time, and only what is missing", async () => {
    const two = { ...small, seeds: [1, 2], steps: 60 };
    const first = await found(two);
    expect([...first.keys()]).toEqual(neurashed.keys(paramsOf(two)));
    expect(await found(two)).toEqual(first);
    const [one, other] = first.keys();
    expect([...(await found(two, new Set([one!]))).keys()]).toEqual([other]);
  });

  it("is told by figures and tables", () => {
    const input = {
      params: chosen,
      findings,
      look: { show: "elasticity", moment: 40, batch: 0, seed: 0 },
      arrangement: "row",
    } as const;
    const figures: Figure[] = [
      neurashedElasticity(input),
      neurashedPaths(input),
      neurashedInformation(input),
      neurashedPairs(input),
    ];
    for (const figure of figures) {
      expect(svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "Arial" }).length).toBeGreaterThan(1000);
      const { columns, rows, dictionary } = figure.data();
      expect(rows.length).toBeGreaterThan(0);
      expect(Object.keys(dictionary).sort()).toEqual([...columns].sort());
    }
    const [elasticity, , , pairs] = figures;
    const lines = elasticity!.traces.filter(isLine);
    expect(lines.map(({ title }) => title)).toEqual(["same class", "sibling", "unrelated"]);
    // The heatmap says the same: its diagonal is the last point of the first line.
    const { values } = pairs!.traces.filter(isHeatmap)[0]!;
    expect(mean(values.map((row, at) => row[at]!))).toBeCloseTo(lines[0]!.y.at(-1)!, 9);
    expect(nearestMoment(chosen, 100)).toBe(7);
    expect(neurashedElasticity({ ...input, findings: new Map() }).panels[0]!.note).toBe("Not measured yet");
    const [claims, runs, byPair] = neurashed.tables(chosen, findings);
    expect(runs!.rows).toHaveLength(10 * 41);
    expect(byPair!.rows).toHaveLength(41 * 16);
    const gap = claims!.rows.find(([, name]) => name === "gap, last over first")!;
    expect(gap[2]).toBeGreaterThan(2);
    for (const { columns, dictionary } of [claims!, runs!, byPair!])
      expect(Object.keys(dictionary).sort()).toEqual([...columns].sort());
  });
});

describe("local elasticity follows sharing", () => {
  it("is not there where everything is shared", async () => {
    const params = { ...small, graph: "everything" };
    const [chosen, findings] = [paramsOf(params), await found(params)];
    for (const which of ["first", "last"] as const) {
      const [same, sibling, unrelated] = (["same", "sibling", "unrelated"] as const).map((name) =>
        over(chosen, findings, name, which),
      );
      for (const other of [sibling!, unrelated!]) {
        expect(other.low).toBeLessThan(same!.mean);
        expect(other.high).toBeGreaterThan(same!.mean);
      }
      const gaps = interval(runsOf(chosen, findings, 1).map(({ finding }) => gapsOf(chosen, finding)[which]));
      expect(Math.abs(gaps.mean)).toBeLessThan(0.03);
    }
  }, 60_000);

  it("is whole from the start where nothing is shared", async () => {
    const params = { ...small, graph: "none", seeds: [1, 2] };
    const [chosen, findings] = [paramsOf(params), await found(params)];
    for (const which of ["first", "last"] as const) {
      for (const name of ["sibling", "unrelated"] as const) expect(over(chosen, findings, name, which).mean).toBe(0);
      expect(over(chosen, findings, "same", which).mean).toBeGreaterThan(0.8);
    }
  });
});

describe("paths", () => {
  it("are sparser the smaller the batches, with bands apart, and all there are in a full batch", async () => {
    const params = { anchorsPerClass: 1, probesPerClass: 2, batchSizes: [1, 2, 4, 100], patience: 4 };
    const [chosen, findings] = [paramsOf(params), await found(params)];
    for (const name of ["participation", "paths"] as const) {
      const bands = chosen.batchSizes.map((size) =>
        interval(runsOf(chosen, findings, size).map(({ finding }) => finding[name].at(-1)!)),
      );
      bands.slice(1).forEach((band, at) => expect(band.low).toBeGreaterThan(bands[at]!.high));
      // 26 nodes; 39 paths lead to each class.
      expect(bands.at(-1)!.mean).toBeCloseTo(name === "paths" ? 156 : 26, 2);
    }
  }, 60_000);
});

describe("information", () => {
  it("is that of the coin, of the copy, and of the independent", () => {
    expect(entropy([0, 1, 0, 1])).toBeCloseTo(1, 12);
    expect(entropy(["a", "a"])).toBe(0);
    expect(mutualInformation([0, 1, 2, 3], ["a", "b", "a", "b"])).toBeCloseTo(1, 12);
    expect(mutualInformation([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(0, 12);
    // H(1/4) by hand.
    expect(mutualInformation([0, 1, 1, 1], [5, 6, 6, 6])).toBeCloseTo(2 - 0.75 * Math.log2(3), 12);
  });
});

describe("the setting", () => {
  it("has a key for all that decides a run, and only for that", () => {
    const chosen = paramsOf();
    expect(neurashedKey(chosen, 1, 2)).toBe(neurashedKey(paramsOf({ seeds: [2], batchSizes: [1, 4] }), 1, 2));
    expect(neurashedKey(chosen, 1, 2)).not.toBe(neurashedKey(paramsOf({ rate: 0.1 }), 1, 2));
    expect(momentsOf(paramsOf({ steps: 3 }))).toEqual([0, 1, 2, 3]);
  });

  it("takes a graph by hand, which a graph's own words are", async () => {
    const nodes = wordsOf(graphOfStudy(paramsOf()));
    const params = { ...small, seeds: [3], steps: 40 };
    const [byName, byHand] = [await found(params), await found({ ...params, nodes })];
    expect([...byHand.values()]).toEqual([...byName.values()]);
  });

  it("takes the classes of any data set, with their super-classes or without", () => {
    for (const { id, classes } of manifests) {
      const some = classes.slice(0, 3).map((one) => one.id);
      expect(graphOfStudy(paramsOf({ dataset: id, classes: some })).classCount).toBe(3);
    }
  });

  it("refuses what cannot be", () => {
    expect(() => paramsOf({ classes: ["tiger", "frog"] })).toThrow("frog is not a class of drawn");
    expect(() => paramsOf({ nodes: ["stripes", "tiger@1:stripes"] })).toThrow('no class "cat"');
    expect(() => paramsOf({ examplesPerClass: 5 })).toThrow(
      "There are 10 anchors a class, but 5 training examples; ask for at most as many.",
    );
    expect(() => paramsOf({ dataset: "cifar10", classes: ["airplane", "cat"], graph: "drawn features" })).toThrow(
      "is drawn with is not known",
    );
  });
});
