// How far the response is from double precision, on one backend of a real browser.
import type { BackendId } from "../../src/lab/lab.ts";
import { activate, adapterOf } from "../../src/lab/tensor/tf.ts";
import { etas, exactness } from "./exactness.ts";
import { host } from "./host.ts";

export interface Accuracy {
  /** The graphics adapter; empty where the platform does not say. */
  readonly adapter: string;
  readonly etas: readonly number[];
  /** By network, one an eta. */
  readonly errors: Readonly<Record<string, readonly number[]>>;
}

async function accuracy(backend: BackendId): Promise<Accuracy | { readonly absent: string }> {
  try {
    await activate(backend, host);
  } catch (error) {
    return { absent: (error as Error).message };
  }
  const errors = await exactness();
  return { adapter: (await adapterOf(backend)).name, etas, errors };
}

declare global {
  interface Window {
    accuracy: typeof accuracy;
  }
}
window.accuracy = accuracy;
