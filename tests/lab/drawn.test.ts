// The drawn data set: the same seed gives the same drawings, the classes are balanced, and a switch changes only its feature.
import { describe, expect, test } from "vitest";
import type { Split } from "../../src/lab/contracts.ts";
import { drawn, drawnScene } from "../../src/lab/datasets/drawn.ts";
import { drawScene, subjectMask } from "../../src/lab/datasets/drawing/draw.ts";
import { BACKGROUNDS, isAnimal } from "../../src/lab/datasets/drawing/scene.ts";
import { defaults } from "../../src/lab/params.ts";
import { rng } from "../../src/math/rng.ts";
import { sceneOf } from "../../src/lab/datasets/drawing/sample.ts";

const usual = defaults(drawn.params);
const classIds = drawn.manifest.classes.map(({ id }) => id);
const animals = ["tiger", "lion", "cat", "dog"];
const vehicles = ["plane", "ship", "car"];

type Values = typeof usual;
const image = (values: Values, classId: string, index: number, split: Split = "train"): Uint8Array =>
  drawScene(drawnScene(values, classId, split, index));
const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Which of the classes look different, image by image, with the other values. */
const changed = (other: Partial<Values>, ids: readonly string[], count = 12): boolean[] =>
  ids.flatMap((id) =>
    indices(count).map((index) => key(image(usual, id, index)) !== key(image({ ...usual, ...other }, id, index))),
  );

const backgroundOrder = (id: string): string =>
  indices(14)
    .map((index) => drawnScene(usual, id, "train", index).background.kind)
    .join();
const channelMean = (bytes: Uint8Array, channel: number): number =>
  mean([...bytes].filter((_, at) => at % 3 === channel));

describe("images", () => {
  test("have the shape of the manifest", () => {
    const [rows, columns, channels] = drawn.manifest.shape;
    for (const id of classIds) expect(image(usual, id, 0)).toHaveLength(rows * columns * channels);
  });

  test("are a function of seed, class, split and index, whatever was drawn before", async () => {
    const first = await drawn.open(usual, undefined as never);
    const second = await drawn.open(usual, undefined as never);
    for (const id of classIds) for (let index = 0; index < 5; index++) first.image(id, "train", index);
    for (const id of classIds.toReversed())
      for (const split of ["test", "train"] as const)
        expect(key(second.image(id, split, 17))).toBe(key(first.image(id, split, 17)));
  });

  test("are other ones with another seed", () => {
    for (const id of classIds) expect(key(image({ ...usual, seed: 2 }, id, 0))).not.toBe(key(image(usual, id, 0)));
  });

  test("are all distinct, in training and held out", () => {
    const seen = new Set<string>();
    for (const id of classIds) {
      for (const index of indices(300)) seen.add(key(image(usual, id, index)));
      for (const index of indices(100)) seen.add(key(image(usual, id, index, "test")));
    }
    expect(seen.size).toBe(classIds.length * 400);
  });

  test("of an unknown class are refused by name", () => {
    expect(() => drawnScene(usual, "zebra", "train", 0)).toThrow(/zebra/);
  });
});

describe("balance", () => {
  test("every class meets every background exactly equally often", () => {
    for (const split of ["train", "test"] as const)
      for (const id of classIds) {
        const kinds = indices(BACKGROUNDS.length * 8).map(
          (index) => drawnScene(usual, id, split, index).background.kind,
        );
        for (const kind of BACKGROUNDS) expect(kinds.filter((met) => met === kind)).toHaveLength(8);
      }
  });

  test("the backgrounds do not come in the same order for every class", () => {
    expect(new Set(classIds.map(backgroundOrder)).size).toBeGreaterThan(1);
  });

  test("every class covers the same share of an image within five percent", () => {
    const areas = classIds.map((id) =>
      mean(indices(300).map((index) => mean([...subjectMask(drawnScene(usual, id, "train", index))]))),
    );
    for (const area of areas) expect(Math.abs(area / mean(areas) - 1)).toBeLessThan(0.05);
  });

  test("the mean colours of the classes differ by less than those of the images of one class", () => {
    for (const channel of [0, 1, 2]) {
      const colours = classIds.map((id) => indices(84).map((index) => channelMean(image(usual, id, index), channel)));
      const centres = colours.map(mean);
      const spread = mean(colours.map((own, at) => Math.sqrt(mean(own.map((value) => (value - centres[at]) ** 2)))));
      expect(Math.max(...centres) - Math.min(...centres)).toBeLessThan(spread);
    }
  });
});

describe("switches", () => {
  test("without stripes only tigers and tabby cats change", () => {
    expect(changed({ stripes: "nowhere" }, ["tiger"])).not.toContain(false);
    expect(changed({ stripes: "nowhere" }, ["lion", "dog", ...vehicles])).not.toContain(true);
    const cats = changed({ stripes: "nowhere" }, ["cat"], 40);
    const faint = indices(40).map((index) => {
      const scene = drawnScene(usual, "cat", "train", index);
      return isAnimal(scene) && scene.stripes === "faint";
    });
    expect(cats).toEqual(faint);
    expect(faint).toContain(true);
    expect(faint).toContain(false);
  });

  test("stripes on every animal change all animals but tigers", () => {
    expect(changed({ stripes: "on every animal" }, ["lion", "cat", "dog"])).not.toContain(false);
    expect(changed({ stripes: "on every animal" }, ["tiger", ...vehicles])).not.toContain(true);
  });

  test("one coat for all animals leaves lions and vehicles alone", () => {
    expect(changed({ coat: "one for all animals" }, ["tiger", "cat", "dog"])).not.toContain(false);
    expect(changed({ coat: "one for all animals" }, ["lion", ...vehicles])).not.toContain(true);
  });

  test("manes and ears change the animals that had others", () => {
    expect(changed({ mane: "nowhere" }, ["lion"])).not.toContain(false);
    expect(changed({ mane: "nowhere" }, ["tiger", "cat", "dog", ...vehicles])).not.toContain(true);
    expect(changed({ mane: "on every animal" }, ["tiger", "cat", "dog"])).not.toContain(false);
    expect(changed({ ears: "round on every animal" }, ["cat", "dog"])).not.toContain(false);
    expect(changed({ ears: "round on every animal" }, ["tiger", "lion", ...vehicles])).not.toContain(true);
  });

  test("a plain background changes every other background, and nothing of the subject", () => {
    for (const id of classIds)
      for (const index of indices(7)) {
        const scene = drawnScene(usual, id, "train", index);
        const plain = drawnScene({ ...usual, background: "plain" }, id, "train", index);
        expect({ ...plain, background: scene.background }).toEqual(scene);
        expect(subjectMask(plain)).toEqual(subjectMask(scene));
        expect(key(drawScene(plain)) === key(drawScene(scene))).toBe(scene.background.kind === "plain");
      }
  });

  test("side only and one size hold for every class", () => {
    for (const id of classIds)
      for (const index of indices(20)) {
        expect(drawnScene({ ...usual, view: "side only" }, id, "train", index).view).toBe("side");
        expect(drawnScene({ ...usual, size: "one for all" }, id, "train", index).placement.size).toBe(
          drawnScene({ ...usual, size: "one for all" }, "car", "train", 0).placement.size,
        );
      }
  });

  test("all three views of an animal are met", () => {
    for (const id of animals)
      expect(new Set(indices(20).map((index) => drawnScene(usual, id, "train", index).view)).size).toBe(3);
  });
});

test("one feature of one scene changes only where it is drawn", () => {
  const scene = drawnScene(usual, "tiger", "train", 3);
  if (!isAnimal(scene)) throw new Error("a tiger is an animal");
  const bare = { ...scene, stripes: "none" as const };
  const mask = subjectMask(scene);
  expect(subjectMask(bare)).toEqual(mask);
  const [before, after] = [drawScene(scene), drawScene(bare)];
  const moved = indices(32 * 32).filter((pixel) =>
    [0, 1, 2].some((c) => before[3 * pixel + c] !== after[3 * pixel + c]),
  );
  expect(moved.length).toBeGreaterThan(20);
  for (const pixel of moved) expect(mask[pixel]).toBeGreaterThan(0);
});

test("a scene sampled without a turn takes background and view from its own stream", () => {
  const scene = sceneOf("ship", rng(5), usual);
  expect(sceneOf("ship", rng(5), usual)).toEqual(scene);
  expect(BACKGROUNDS).toContain(scene.background.kind);
});
