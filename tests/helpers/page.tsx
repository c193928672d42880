// The page on a fake lab, for looking at it and for tests of the page alone: ?slow=MS a step, ?empty without a recording,
// ?diverge=STEP.
import { start } from "../../src/app/start.tsx";
import { script } from "../../src/lab/command.ts";
import { fakeLab, fakeRecording } from "./fakeLab.ts";

const asked = new URLSearchParams(location.search);
const files = asked.has("empty") ? new Map<string, Uint8Array>() : await fakeRecording(script);
const diverge = asked.get("diverge");
const lab = fakeLab({ stepMs: Number(asked.get("slow") ?? 4), ...(diverge ? { divergesAt: Number(diverge) } : {}) });
const started = start(document.getElementById("root")!, { lab, fetchBytes: async (path) => files.get(path) });
Object.assign(window, { started });
