// The shelves: every plug-in file is in the catalogue, every plug-in is described, every committed spec is valid.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unpack } from "../../src/lab/archive.ts";
import { datasets, describe as describeLab, measures, models } from "../../src/lab/catalogue.ts";
import { relation } from "../../src/lab/relation.ts";
import { canonical, parseSpec, parseSpecText, type Catalogue } from "../../src/lab/spec.ts";
import { studies } from "../../src/lab/studies.ts";
import { parseStudy } from "../../src/lab/study.ts";
import { root } from "../../src/node.ts";

type Exports = Readonly<Record<string, unknown>>;

/** Every module of the three folders, by path; the drawing code below `datasets/` is no plug-in's own file. */
const files: Readonly<Record<string, Exports>> = import.meta.glob<Exports>(
  "../../src/lab/{models,measures,datasets}/*.ts",
  {
    eager: true,
  },
);

const hasAll = (value: unknown, ...names: string[]): boolean =>
  value !== null && typeof value === "object" && names.every((name) => name in value);

interface Shelf {
  readonly folder: string;
  readonly registered: readonly unknown[];
  readonly isPlugin: (value: unknown) => boolean;
}

/** A plug-in is known by what it can do; the helpers beside it export functions and numbers only. */
const shelves: readonly Shelf[] = [
  {
    folder: "models",
    registered: models,
    isPlugin: (value) => hasAll(value, "id", "build") || hasAll(value, "id", "learner"),
  },
  { folder: "measures", registered: measures, isPlugin: (value) => hasAll(value, "numerator", "denominator") },
  { folder: "datasets", registered: datasets, isPlugin: (value) => hasAll(value, "manifest", "open") },
];

describe.each(shelves)("the shelf of $folder", ({ folder, registered, isPlugin }) => {
  const own = Object.entries(files).filter(([path]) => path.includes(`/lab/${folder}/`));
  const found = own.flatMap(([path, exports]) =>
    Object.values(exports)
      .filter(isPlugin)
      .map((plugin) => ({ path, plugin })),
  );

  it("was read whole", () => {
    const there = readdirSync(join(root, "src", "lab", folder)).filter((name) => name.endsWith(".ts"));
    expect(own.map(([path]) => path.split("/").at(-1)).sort()).toEqual(there.sort());
  });

  it("has every plug-in of its folder in the catalogue, and nothing else", () => {
    expect(found.filter(({ plugin }) => !registered.includes(plugin)).map(({ path }) => path)).toEqual([]);
    expect(registered.filter((plugin) => !found.some((one) => one.plugin === plugin))).toEqual([]);
    expect(new Set(registered).size).toBe(registered.length);
  });

  it("holds one plug-in a file", () => {
    expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
  });
});

const catalogue = describeLab();

describe("the catalogue", () => {
  it("gives every plug-in an id of its own", () => {
    for (const ids of [
      catalogue.datasets.map(({ manifest }) => manifest.id),
      catalogue.models.map(({ id }) => id),
      catalogue.measures.map(({ id }) => id),
    ]) {
      expect(new Set(ids).size).toBe(ids.length);
      // An id stands in links, file names and headers of CSV.
      for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    }
  });

  it("describes every plug-in in words", () => {
    const words = [
      ...catalogue.datasets.flatMap(({ manifest }) => [
        manifest.title,
        manifest.description,
        manifest.source,
        manifest.licence,
        manifest.citation,
        ...manifest.classes.map(({ title }) => title),
      ]),
      ...catalogue.models.flatMap(({ title, description }) => [title, description]),
      ...catalogue.measures.flatMap(({ title, symbol, formula, unit }) => [title, symbol, formula, unit]),
      ...[...catalogue.datasets, ...catalogue.models].flatMap(({ params }) =>
        Object.values(params).map(({ title }) => title),
      ),
    ];
    for (const word of words) expect(word).toMatch(/\S/);
    const titles = catalogue.measures.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("is plain data, as it must be to go through a port or into a file", () => {
    expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
    expect(structuredClone(catalogue)).toEqual(catalogue);
  });

  it("has data sets with classes of their own and no more images by default than there are", () => {
    for (const { manifest } of catalogue.datasets) {
      const ids = manifest.classes.map(({ id }) => id);
      expect(ids.length).toBeGreaterThanOrEqual(2);
      expect(new Set(ids).size).toBe(ids.length);
      for (const split of ["train", "test"] as const)
        expect(manifest.defaultPerClass[split]).toBeLessThanOrEqual(manifest.maxPerClass[split]);
    }
  });

  it("has the tigers, cats, planes and ships of the question, related as they are", () => {
    const { manifest } = catalogue.datasets.find((one) => one.manifest.id === parseSpec({}, catalogue).dataset.id)!;
    const [tiger, cat, plane, ship] = ["tiger", "cat", "plane", "ship"].map((id) =>
      manifest.classes.find((known) => known.id === id)!,
    );
    expect(relation(tiger!, tiger!)).toBe("same");
    expect(relation(tiger!, cat!)).toBe("sibling");
    expect(relation(plane!, ship!)).toBe("sibling");
    for (const animal of [tiger!, cat!])
      for (const vehicle of [plane!, ship!]) expect(relation(animal, vehicle)).toBe("unrelated");
  });

  it("takes every data set with every model by id alone", () => {
    for (const { manifest } of catalogue.datasets)
      for (const { id } of catalogue.models) {
        const spec = parseSpec({ dataset: { id: manifest.id }, model: { id } }, catalogue);
        expect([spec.dataset.id, spec.model.id]).toEqual([manifest.id, id]);
      }
  });
});

const textOf = (name: string): string => readFileSync(join(root, "public", "specs", name), "utf8");
const isStudy = (name: string): boolean => "study" in (JSON.parse(textOf(name)) as object);
const committed = readdirSync(join(root, "public", "specs")).filter((name) => name.endsWith(".json"));
const presets = committed.filter((name) => !isStudy(name));

describe("the committed specs", () => {
  it("are there", () => {
    expect(presets.length).toBeGreaterThan(0);
  });

  it.each(presets)("are valid and keep what they say (%s)", (name) => {
    const text = textOf(name);
    const spec = parseSpecText(text, catalogue);
    expect(spec).toMatchObject(JSON.parse(text));
    expect(canonical(parseSpecText(canonical(spec), catalogue))).toBe(canonical(spec));
    // What is never reached is never measured.
    expect(Math.max(...spec.probing.epochs)).toBeLessThanOrEqual(spec.training.epochs);
  });

  it.each(committed.filter(isStudy))("are valid studies and keep what they say (%s)", (name) => {
    const value: unknown = JSON.parse(textOf(name));
    expect(parseStudy(value, studies)).toMatchObject(value as object);
  });

  it("include the recording's, which is the default experiment on the shelves as they are", () => {
    const bytes = new Uint8Array(readFileSync(join(root, "public", "recorded", "results.bin")));
    const recorded = unpack(bytes) as { spec: unknown; catalogue: Catalogue };
    expect(recorded.spec).toEqual(parseSpec({}, catalogue));
    const ids = ({ datasets, models, measures }: Catalogue): string[][] => [
      datasets.map(({ manifest }) => manifest.id),
      models.map(({ id }) => id),
      measures.map(({ id }) => id),
    ];
    expect(ids(recorded.catalogue)).toEqual(ids(catalogue));
  });
});
