// What the page tells a figure: whether anyone sees it, and when there is time.
import { useEffect, useState } from "react";

/** Calls back once the element is near the screen; returns how to stop waiting for it. */
export function onceVisible(element: HTMLElement, callback: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      callback();
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

/** Resolves when the page has painted and nothing else is due. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === "undefined") setTimeout(resolve, 200);
    else requestIdleCallback(() => resolve(), { timeout: 3000 });
  });

let turns: Promise<unknown> = Promise.resolve();
/** One figure after another, the page breathing between them. */
export const inTurn = (work: () => Promise<void>): void => {
  turns = turns
    .then(idle)
    .then(work)
    // Without Plotly our own drawing stays, which shows the same; the next change tries again.
    // oxlint-disable-next-line no-console
    .catch((error: unknown) => console.warn("plot: staying with the plain drawing", error));
};

const waiting = new Set<() => void>();

function takeNext(): void {
  const [next] = waiting;
  if (!next) return;
  waiting.delete(next);
  if (waiting.size > 0) requestAnimationFrame(takeNext);
  next();
}

/** A value that is a little behind: when those of many figures change at once, one figure a frame is drawn anew. */
export function useFrameOfItsOwn<T>(newest: T): T {
  const [shown, show] = useState(newest);
  useEffect(() => {
    if (shown === newest) return undefined;
    const next = (): void => show(newest);
    if (waiting.size === 0) requestAnimationFrame(takeNext);
    waiting.add(next);
    return () => {
      waiting.delete(next);
    };
  }, [shown, newest]);
  return shown;
}
