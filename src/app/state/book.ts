// The runs on the screen, and the news of their tables: handed to the store at most once a frame.
import type { LabStore, Revisions, RunState } from "./store.ts";

const everyPart: readonly (keyof Revisions)[] = ["training", "scheduled", "responses", "log"];

export interface Book {
  /** Those of now; another array once other runs are opened. */
  readonly runs: readonly RunState[];
  /** Other runs, at once on the screen. */
  open(runs: RunState[]): void;
  change(index: number, news: Partial<RunState>): void;
  /** News of a table, by the parts of it that grew; all of them unless named. */
  grew(...parts: readonly (keyof Revisions)[]): void;
  flush(): void;
}

/** @param nextFrame calls back before the next frame is drawn */
export function createBook(store: LabStore, nextFrame: (draw: () => void) => void): Book {
  let runs: RunState[] = [];
  const moved = new Set<keyof Revisions>();
  let frameAsked = false;

  function flush(): void {
    frameAsked = false;
    const { revisions } = store.getState();
    const news = [...moved].map((part) => [part, revisions[part] + 1] as const);
    moved.clear();
    store.setState({
      runs: [...runs],
      ...(news.length > 0 ? { revisions: { ...revisions, ...Object.fromEntries(news) } } : {}),
    });
  }

  function grew(...parts: readonly (keyof Revisions)[]): void {
    for (const part of parts.length > 0 ? parts : everyPart) moved.add(part);
  }

  return {
    get runs() {
      return runs;
    },
    open(others) {
      runs = others;
      grew();
      flush();
    },
    change(index, news) {
      runs[index] = { ...runs[index]!, ...news };
      if (frameAsked) return;
      frameAsked = true;
      nextFrame(flush);
    },
    grew,
    flush,
  };
}
