// The peer: a Python that does the same tasks in PyTorch, one when asked.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../src/node.ts";

export interface Peer {
  readonly versions: Readonly<Record<string, string | number>>;
  /** Milliseconds of a task. */
  ask(task: string): Promise<number>;
  close(): void;
}

/** Undefined, with a line that says so, where that Python has no PyTorch. */
export async function peerOf(python: string): Promise<Peer | undefined> {
  const process = spawn(python, [join(root, "tests/bench/peer.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_, reject) => process.once("error", reject));
  const said = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, never>> => {
    const { value } = await Promise.race([said.next(), failed]);
    return JSON.parse(value ?? '{"missing":"no answer"}');
  };
  const { missing, versions } = await answer().catch((error: Error) => ({ missing: error.message, versions: {} }));
  if (missing !== undefined) {
    console.log(`No peer: ${python} has no PyTorch (${String(missing)}).`);
    return undefined;
  }
  return {
    versions: versions!,
    async ask(task) {
      process.stdin.write(`${JSON.stringify(task)}\n`);
      return Number((await answer()).ms);
    },
    close: () => process.stdin.end(),
  };
}
