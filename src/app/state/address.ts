// The address bar holds the experiment: it follows the page, and the page follows a link that is pasted over it.
import type { Actions } from "./actions.ts";
import { encode } from "./link.ts";
import type { LabStore } from "./store.ts";

const settleMs = 250;

export function followAddress(store: LabStore, actions: Actions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = location.hash;
  /** What was opened is not written back until something changes: a broken link stays there to be read. */
  let before = address();

  function address(): string | undefined {
    const { catalogue } = store.getState();
    const shared = actions.shared();
    return catalogue && shared ? `#${encode(shared, catalogue)}` : undefined;
  }

  store.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const now = address();
      if (now === undefined || now === before) return;
      before = now;
      written = now;
      history.replaceState(null, "", now);
    }, settleMs);
  });
  addEventListener("hashchange", () => {
    if (location.hash === written) return;
    written = location.hash;
    void actions.openLink(location.hash);
  });
}
