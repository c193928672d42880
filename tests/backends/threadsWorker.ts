// The engine in a worker, as the lab has it, with what threads the page may have on as many cores as the worker's name says.
import { browserHost } from "../helpers/browserHost.ts";
import { threadsOn } from "../../src/threads.ts";
import { bitsOn } from "./bits.ts";

postMessage(await bitsOn({ ...browserHost, threads: threadsOn(Number(self.name)) }));
