// The engine in a worker, as the lab has it, with what threads the page may have.
import { threads } from "../../src/threads.ts";
import { browserHost } from "../helpers/browserHost.ts";
import { bitsOn } from "./bits.ts";

postMessage(await bitsOn({ ...browserHost, threads }));
