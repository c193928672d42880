// The address bar holds the experiment: it follows the page, and the page follows a link that is pasted over it.
import type { Actions } from "./actions.ts";
import { encode } from "./link.ts";
import type { StudiesStore } from "./studies.ts";
import type { LabStore } from "./store.ts";

const settleMs = 250;

export interface Followed {
  readonly store: LabStore;
  readonly actions: Actions;
  readonly studies: StudiesStore;
}

export function followAddress({ store, actions, studies }: Followed): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash;
  /** What was opened is not written back until something changes: a broken link stays there to be read. */
  let before: string | undefined;
  void address().then((now) => (before = now));

  async function address(): Promise<string | undefined> {
    const { open } = studies.getState();
    if (open) return `#${(await import("./studyShelf.ts")).encodeStudy(open)}`;
    const { catalogue } = store.getState();
    const shared = actions.shared();
    return catalogue && shared ? `#${encode(shared, catalogue)}` : undefined;
  }

  const follow = (): void => {
    timer ??= setTimeout(async () => {
      timer = undefined;
      const now = await address();
      if (now === undefined || now === before) return;
      before = now;
      written = now;
      history.replaceState(null, "", now);
    }, settleMs);
  };
  store.subscribe(follow);
  studies.subscribe(follow);
  addEventListener("hashchange", () => {
    if (location.hash === written) return;
    written = location.hash;
    void actions.openLink(location.hash);
  });
}
