// Progress on a terminal as one line that redraws itself, elsewhere as plain lines.

export interface Progress {
  /** @param fraction done so far, 0..1; absent where only time tells. */
  update(text: string, fraction?: number): void;
  /** Ends the line with `text`. */
  done(text: string): void;
  /** Ends the line without a word, so that an error message stands alone. */
  stop(): void;
}

const barWidth = 24;
const redrawMs = 250;

function bar(fraction: number): string {
  const filled = Math.round(fraction * barWidth);
  return `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${String(Math.round(fraction * 100)).padStart(3)} %`;
}

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  let timer: NodeJS.Timeout | undefined;
  // Cut to the width of the terminal: a wrapped line cannot be redrawn in place.
  const draw = (line: string): boolean =>
    stream.write(`\r\x1b[2K${line.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
  const stop = (): void => {
    clearInterval(timer);
    draw("");
  };
  return {
    update(text, fraction) {
      clearInterval(timer);
      if (fraction !== undefined) return void draw(`${bar(fraction)}  ${text}`);
      const began = Date.now();
      const tick = (): boolean => draw(`${text} (${Math.round((Date.now() - began) / 1000)} s)`);
      tick();
      timer = setInterval(tick, redrawMs);
    },
    done(text) {
      stop();
      stream.write(`${text}\n`);
    },
    stop,
  };
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  const line = (text: string): void => void stream.write(`${text}\n`);
  return { update: line, done: line, stop: () => undefined };
}

export const progressOn = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
