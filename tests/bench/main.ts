// `npm run bench [-- page | neurashed | response | growth | kernel] [--peer python3] [--quick] [--save FOLDER]`: all benchmarks, or
// some of them; and `npm run bench -- gpu --module PATH [--save FOLDER]`, which needs a package of its own.
import { parseArgs } from "node:util";
import { benchGpu } from "./gpu.ts";
import { benchGrowth } from "./growth.ts";
import { benchKernel } from "./kernel.ts";
import { benchNeurashed } from "./neurashed.ts";
import { benchPage } from "./page.ts";
import { benchResponse } from "./response.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    module: { type: "string" },
    peer: { type: "string" },
    quick: { type: "boolean", default: false },
    save: { type: "string" },
  },
});
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
if (isWanted("page")) await benchPage();
if (isWanted("neurashed")) await benchNeurashed();
if (isWanted("response")) await benchResponse({ python: values.peer, folder: values.save, isQuick: values.quick });
if (isWanted("growth")) await benchGrowth(values.save);
if (isWanted("kernel")) await benchKernel(values.save);
if (positionals.includes("gpu")) await benchGpu(values.module, values.save);
