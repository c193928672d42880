// The study of paths, against the closed form of the linear model and what must hold at the learned image itself.
import { beforeAll, describe, expect, it } from "vitest";
import { imagePathCurves } from "../../../src/app/figures/imagePathCurves.ts";
import { svgOf } from "../../../src/app/export/svg.ts";
import { isLine } from "../../../src/app/figures/figure.ts";
import { lightTheme } from "../../../src/app/figures/palette.ts";
import { localLab } from "../../../src/lab/local.ts";
import {
  curveOf,
  imagePath,
  imagesKey,
  networksOf,
  pathIds,
  pathsOf,
  similarityKey,
  type ImagePathFinding,
  type ImagePathParams,
} from "../../../src/lab/studies/imagePath.ts";
import { parseStudy } from "../../../src/lab/study.ts";
import { studies } from "../../../src/lab/studies.ts";
import { drawn, drawnScene } from "../../../src/lab/datasets/drawn.ts";
import { redrawn } from "../../../src/lab/datasets/drawing/change.ts";
import { drawScene } from "../../../src/lab/datasets/drawing/draw.ts";
import { defaults } from "../../../src/lab/params.ts";
import { interval } from "../../../src/math/stats.ts";
import { nodeHost } from "../../helpers/host.ts";

const specOf = (params: object) => parseStudy({ study: "image-path", params }, studies);
const small = {
  anchors: 3,
  trainPerClass: 4,
  epochs: [0, 1],
  positions: 5,
  brightness: 0.4,
  draws: 2,
  model: "mlp",
  seed: 4,
};
const spec = specOf(small);
const params = spec.params as unknown as ImagePathParams;

async function findingsOf(known: ReadonlySet<string> = new Set()): Promise<Map<string, ImagePathFinding>> {
  const lab = localLab(nodeHost);
  await lab.chooseBackend("wasm");
  const found = new Map<string, ImagePathFinding>();
  for await (const event of lab.study(spec, { signal: new AbortController().signal, known }))
    if (event.kind === "finding") found.set(event.key, event.value as ImagePathFinding);
  return found;
}

describe("paths away from an image", () => {
  let findings: Map<string, ImagePathFinding>;
  beforeAll(async () => {
    findings = await findingsOf();
  }, 60000);

  it("finds all that it announced, in that order", () => {
    expect([...findings.keys()]).toEqual(imagePath.keys(params));
    expect(pathsOf(params).map(({ id }) => id)).toEqual([...pathIds]);
  });

  it("gives exactly 1 and distance 0 at the learned image, in every network, on every path", () => {
    for (const path of pathsOf(params))
      for (const network of networksOf(params)) {
        const curve = curveOf(params, findings, path, network)!;
        expect(curve.distance[path.home]).toBe(0);
        for (const row of curve.anchors) expect(row[path.home]).toBeCloseTo(1, 5);
      }
  });

  it("agrees with the linear model's closed form |x_p . x_a + 1| / (|x_a|² + 1) along every path", async () => {
    const inputs = await inputsOf();
    const network = networksOf(params).at(-1)!;
    expect(network).toEqual({ model: "linear", epoch: 1 });
    for (const path of pathsOf(params).filter(({ id }) => id !== "noise")) {
      const images = findings.get(imagesKey(params, path))!;
      if (images.kind !== "images") throw new Error("no images");
      // With these steps all pictures are whole bytes but turned ones and blends, which are rounded for the eye.
      const tolerance = path.id === "rotation" ? 1e-3 : 1e-5;
      const isBlend = ["own", "near", "far"].includes(path.id);
      const { anchors } = curveOf(params, findings, path, network)!;
      anchors.forEach((row, anchor) => {
        const of = (k: number): Float64Array => {
          const at = (anchor * path.at.length + k) * 3072;
          return inputs(images.pixels.subarray(at, at + 3072));
        };
        const [own, end] = [of(path.home), of(path.at.length - 1)];
        row.forEach((value, k) => {
          // Inputs of a blend are linear in the share of the other image.
          const share = path.at[k]!;
          const product = isBlend ? (1 - share) * dot(own, own) + share * dot(end, own) : dot(of(k), own);
          const wanted = Math.abs(product + 1) / (dot(own, own) + 1);
          expect(Math.abs(value - wanted)).toBeLessThan(tolerance);
        });
      });
    }
  });

  it("measures blends at distances in proportion to the share of the other image", () => {
    for (const id of ["own", "near", "far"] as const) {
      const path = pathsOf(params).find((each) => each.id === id)!;
      const { distance } = curveOf(params, findings, path, networksOf(params)[0]!)!;
      for (const [k, share] of path.at.entries()) expect(distance[k]).toBeCloseTo(share * distance.at(-1)!, 3);
    }
  });

  it("repeats what is not known, in the same bits, and nothing else", async () => {
    const path = pathsOf(params)[3]!;
    const left = similarityKey(params, path, networksOf(params)[1]!);
    const again = await findingsOf(new Set([...findings.keys()].filter((key) => key !== left)));
    expect([...again.keys()]).toEqual([left]);
    expect(again.get(left)).toEqual(findings.get(left));
  }, 60000);

  it("writes tidy tables with a word for each column", () => {
    for (const { columns, rows, dictionary } of imagePath.tables(params, findings)) {
      expect(Object.keys(dictionary).toSorted()).toEqual(columns.toSorted());
      expect(rows.every((row) => row.length === columns.length)).toBe(true);
    }
    const [means] = imagePath.tables(params, findings);
    const count = pathsOf(params).reduce((sum, { at }) => sum + at.length, 0);
    expect(means!.rows).toHaveLength(3 * count);
  });

  describe("the figure", () => {
    const base = { params, axis: "path", show: "one", arrangement: "row" } as const;

    it("draws the mean of the anchors with its interval, and few anchors one by one", () => {
      const figure = imagePathCurves({ ...base, findings, path: "near", position: 2 });
      const lines = figure.traces.filter(isLine);
      expect(lines.filter(({ faint }) => !faint).map(({ title }) => title)).toEqual([
        "MLP, untrained",
        "MLP, epoch 1",
        "Linear",
      ]);
      expect(lines.filter(({ faint }) => faint)).toHaveLength(9);
      const [first] = lines.filter(({ faint }) => !faint);
      const { anchors } = curveOf(params, findings, pathsOf(params)[1]!, networksOf(params)[0]!)!;
      const wanted = interval(anchors.map((row) => row[4]!));
      expect([first!.y[4], first!.band!.low[4], first!.band!.high[4]]).toEqual([wanted.mean, wanted.low, wanted.high]);
      expect(figure.mark).toBe(0.5);
      expect(figure.caption).toContain("n = 3 tiger training images");
    });

    it("puts the images of the path below the axis of a file", () => {
      const figure = imagePathCurves({ ...base, findings, path: "stripes", filmOf: 1 });
      const svg = svgOf(figure, { widthPx: 700, theme: lightTheme, fontFamily: "Arial" });
      expect(svg.match(/<image /g)).toHaveLength(5);
    });

    it("compares all paths on one axis of distance, the same in every panel", () => {
      const figure = imagePathCurves({ ...base, findings, path: "near", show: "all" });
      expect(figure.panels).toHaveLength(3);
      expect(new Set(figure.panels.map(({ x }) => x!.high)).size).toBe(1);
      for (const line of figure.traces.filter(isLine)) {
        expect(line.x[0]).toBe(0);
        expect(line.y[0]).toBeCloseTo(1, 5);
      }
    });

    it("says what to do before anything was found", () => {
      for (const show of ["one", "all"] as const)
        expect(imagePathCurves({ ...base, findings: new Map(), path: "near", show }).panels[0]!.note).toBe("Press Run");
    });
  });
});

describe("bad settings", () => {
  it.each([
    [{ positions: 20 }, /odd number/],
    [{ anchorClass: "horse" }, /horse, but drawn has no such class; choose one of: tiger/],
    [{ anchors: 10, trainPerClass: 5 }, /at most as many/],
  ])("%j are refused in one sentence", (wrong, sentence) => {
    expect(() => specOf(wrong)).toThrow(sentence);
  });
});

describe("one feature by degrees", () => {
  const scene = drawnScene(defaults(drawn.params), "tiger", "train", 3);

  it("is the image itself at 0", () => {
    for (const feature of ["stripes", "coat", "background", "size", "turn", "silhouette"] as const)
      expect(redrawn(scene, feature, 0)).toEqual(drawScene(scene));
  });

  it("ends where the feature is gone", () => {
    expect(redrawn(scene, "stripes", 1)).toEqual(drawScene({ ...scene, stripes: "none" } as typeof scene));
    const plain = drawScene({ ...scene, background: { ...scene.background, kind: "plain" } });
    expect(redrawn(scene, "background", 1)).toEqual(plain);
  });

  it("moves further with every step", () => {
    const home = drawScene(scene);
    const away = (feature: "stripes" | "coat" | "background", amount: number): number =>
      redrawn(scene, feature, amount).reduce((sum, value, at) => sum + (value - home[at]!) ** 2, 0);
    for (const feature of ["stripes", "coat", "background"] as const)
      for (const [less, more] of [
        [0.1, 0.4],
        [0.4, 0.7],
        [0.7, 1],
      ] as const)
        expect(away(feature, more)).toBeGreaterThan(away(feature, less));
  });
});

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** Bytes as inputs, in double precision, normalised on the training images by hand. */
async function inputsOf(): Promise<(bytes: Uint8Array) => Float64Array> {
  const source = await drawn.open(defaults(drawn.params), nodeHost);
  const training = drawn.manifest.classes.flatMap(({ id }) =>
    Array.from({ length: params.trainPerClass }, (_, index) => source.image(id, "train", index)),
  );
  const middle = Float64Array.from({ length: 3072 }, (_, at) =>
    training.reduce((sum, image) => sum + image[at]! / 255 / training.length, 0),
  );
  const squares = training.reduce(
    (sum, image) => sum + image.reduce((total, value, at) => total + (value / 255 - middle[at]!) ** 2, 0),
    0,
  );
  const deviation = Math.sqrt(squares / training.length / 3072);
  return (bytes) => Float64Array.from(bytes, (value, at) => (value / 255 - middle[at]!) / deviation);
}
