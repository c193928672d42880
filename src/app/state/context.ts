// How panels reach the store, the actions and the images.
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { ClassInfo } from "../../lab/contracts.ts";
import {
  classesOf,
  numbering,
  type Catalogue,
  type DescribedDataset,
  type DescribedMeasure,
  type ExperimentSpec,
  type Numbering,
} from "../../lab/spec.ts";
import type { Block, Table } from "../../lab/table.ts";
import type { Actions } from "./actions.ts";
import type { View } from "./experiment.ts";
import type { PixelShelf } from "./pixels.ts";
import { measuredTick, responseTick } from "./response.ts";
import type { LabState, LabStore, Revisions } from "./store.ts";
import type { StudiesState, StudiesStore, StudyActions } from "./studies.ts";

export interface LabContextValue {
  readonly store: LabStore;
  readonly actions: Actions;
  readonly pixels: PixelShelf;
  readonly studies: StudiesStore;
  readonly studyActions: StudyActions;
}

export const LabContext = createContext<LabContextValue | undefined>(undefined);

function useContextValue(): LabContextValue {
  const value = useContext(LabContext);
  if (!value) throw new Error("A panel was drawn outside LabContext.");
  return value;
}

export const useLab = <T>(select: (state: LabState) => T): T => useStore(useContextValue().store, select);
export const useLabStore = (): LabStore => useContextValue().store;
export const useActions = (): Actions => useContextValue().actions;
export const useStudies = <T>(select: (state: StudiesState) => T): T => useStore(useContextValue().studies, select);
export const useStudiesStore = (): StudiesStore => useContextValue().studies;
export const useStudyActions = (): StudyActions => useContextValue().studyActions;

/** An image by its example number; asks for it when it is not there. */
export function usePixels(example: number): Uint8Array | undefined {
  return useShelved(useContextValue().pixels, example);
}

/** An image of any shelf by its number there; asks for it when it is not there. */
export function useShelved(pixels: PixelShelf, example: number): Uint8Array | undefined {
  const image = useSyncExternalStore(pixels.subscribe, () => pixels.get(example));
  const key = useSyncExternalStore(pixels.subscribe, () => pixels.key);
  useEffect(() => {
    if (!image) pixels.want(example);
  }, [image, pixels, example, key]);
  return image;
}

/** What the experiment is about, wherever the page looks. */
export interface Subject {
  readonly catalogue: Catalogue;
  readonly spec: ExperimentSpec;
  readonly dataset: DescribedDataset;
  readonly classes: readonly ClassInfo[];
  readonly numbers: Numbering;
}

/** What panels need once there is an experiment: they are drawn only then. */
export interface Experiment extends Subject {
  readonly view: View;
  readonly measure: DescribedMeasure;
}

const known = new WeakMap<ExperimentSpec, Subject>();

/** Another one only when the experiment is: what needs no more is not drawn again when an image is picked. */
export function useSubject(): Subject {
  const catalogue = useLab((state) => state.catalogue);
  const spec = useLab((state) => state.spec);
  if (!catalogue || !spec) throw new Error("A panel was drawn before there was an experiment.");
  if (known.get(spec)?.catalogue !== catalogue)
    known.set(spec, {
      catalogue,
      spec,
      dataset: catalogue.datasets.find(({ manifest }) => manifest.id === spec.dataset.id)!,
      classes: classesOf(spec, catalogue),
      numbers: numbering(spec.dataset),
    });
  return known.get(spec)!;
}

export function useExperiment(): Experiment {
  const subject = useSubject();
  const view = useLab((state) => state.view);
  if (!view) throw new Error("A panel was drawn before there was an experiment.");
  const { measures } = subject.catalogue;
  return { ...subject, view, measure: measures.find(({ id }) => id === view.measure) ?? measures[0]! };
}

export interface TitledTable {
  readonly title: string;
  readonly table: Table;
}

/** The tables on the screen; they grow in place, so the array is another one whenever that part of them has grown. */
export function useTables(part: keyof Revisions = "scheduled"): readonly TitledTable[] {
  const flat = useLab(useShallow(({ runs }) => runs.flatMap(({ title, table }) => [title, table])));
  const titles = flat.filter((item) => typeof item === "string");
  const tables = flat.filter((item) => typeof item !== "string");
  const revision = useLab((state) => state.revisions[part]);
  const { store } = useContextValue();
  return cached(store, part, revision, titles, tables);
}

interface Listed {
  readonly revision: number;
  readonly list: readonly TitledTable[];
}

const lists = new WeakMap<LabStore, Partial<Record<keyof Revisions, Listed>>>();

function cached(
  store: LabStore,
  part: keyof Revisions,
  revision: number,
  titles: readonly string[],
  tables: readonly Table[],
): readonly TitledTable[] {
  const before = lists.get(store)?.[part];
  const isSame =
    before?.revision === revision &&
    before.list.length === tables.length &&
    before.list.every(({ title, table }, at) => title === titles[at] && table === tables[at]);
  if (isSame) return before.list;
  const list = tables.map((table, at) => ({ title: titles[at]!, table }));
  lists.set(store, { ...lists.get(store), [part]: { revision, list } });
  return list;
}

/** The tick of the heatmaps; undefined before anything was measured. */
export const useMeasuredTick = (): number | undefined =>
  useLab(({ runs, view }) => measuredTick(runs, view?.moment ?? "latest"));

/** The picked anchor's response in each run. */
export function useResponses(): readonly (Block | undefined)[] {
  const tick = useResponseTick();
  const tables = useTables("responses");
  const anchor = useLab((state) => state.view?.anchor ?? 0);
  return useMemo(
    () => tables.map(({ table }) => (tick === undefined ? undefined : table.anchorAt(tick, anchor))),
    [tables, tick, anchor],
  );
}

export const useResponseTick = (): number | undefined =>
  useLab(({ runs, view }) => (view ? responseTick(runs, view.anchor, view.moment) : undefined));
