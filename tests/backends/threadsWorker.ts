// The engine in a worker, as the lab has it, with what threads the page may have on as many cores as the worker's name says.
import { browserHost } from "../helpers/browserHost.ts";
import { bitsOn } from "./bits.ts";

Object.defineProperty(navigator, "hardwareConcurrency", { value: Number(self.name) });
const { threads } = await import("../../src/threads.ts");
postMessage(await bitsOn({ ...browserHost, threads }));
