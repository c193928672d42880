// What Node lends the lab in tests: the same as on the command line.
import type { BackendId } from "../../src/lab/lab.ts";

export { host as nodeHost } from "../../src/node.ts";

/** The backends that Node has. */
export const nodeBackends = ["cpu", "wasm"] as const satisfies readonly BackendId[];
