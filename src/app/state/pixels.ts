// The shelf of images: what has arrived, who waits for what; it grows outside React.

export interface PixelShelf {
  /** Which images are meant; whoever wants one asks again when it changes. */
  readonly key: string;
  get(example: number): Uint8Array | undefined;
  /** Asks for an image that is not here yet; asking twice is harmless. */
  want(example: number): void;
  subscribe(listener: () => void): () => void;
  /** Starts anew when the images of another data set are meant. */
  use(key: string): void;
  /** @param pixels [example, row, column, channel] */
  fill(key: string, examples: ArrayLike<number>, pixels: Uint8Array): void;
  /** Says how missing images are fetched, as soon as someone can fetch. */
  serve(fetch: (examples: readonly number[]) => Promise<Uint8Array>): void;
}

const batchSize = 128;

export function pixelShelf(): PixelShelf {
  const images = new Map<number, Uint8Array>();
  const wanted = new Set<number>();
  const listeners = new Set<() => void>();
  let key = "";
  let fetch: ((examples: readonly number[]) => Promise<Uint8Array>) | undefined;
  let busy = false;

  async function work(): Promise<void> {
    if (busy || !fetch) return;
    busy = true;
    try {
      // Waiting a moment lets a whole screen of images ask before the first batch goes.
      await Promise.resolve();
      while (wanted.size > 0) {
        // The latest asked first: they are the ones on the screen.
        const batch = [...wanted].slice(-batchSize);
        const forKey = key;
        for (const example of batch) wanted.delete(example);
        try {
          self.fill(forKey, batch, await fetch(batch));
        } catch {
          // Whoever opens the run meets the same error and says it; here they wait for the next chance.
          if (forKey !== key) continue;
          for (const example of batch) wanted.add(example);
          return;
        }
      }
    } finally {
      busy = false;
    }
  }

  const self: PixelShelf = {
    get key() {
      return key;
    },
    get: (example) => images.get(example),
    want(example) {
      if (images.has(example) || wanted.has(example)) return;
      wanted.add(example);
      void work();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    use(other) {
      if (other === key) return;
      key = other;
      images.clear();
      wanted.clear();
      for (const listener of listeners) listener();
    },
    fill(forKey, examples, pixels) {
      if (forKey !== key || examples.length === 0) return;
      const size = pixels.length / examples.length;
      for (let at = 0; at < examples.length; at++)
        images.set(examples[at]!, pixels.subarray(at * size, (at + 1) * size));
      for (const listener of listeners) listener();
    },
    serve(fetcher) {
      fetch = fetcher;
      void work();
    },
  };
  return self;
}
