// A helper of the engine as a worker thread of Node.
import { parentPort } from "node:worker_threads";
import { serveShares } from "../../src/lab/tensor/simd/share.ts";
import { portOf } from "./gpuPort.ts";

serveShares(portOf(parentPort!));
