// `npm run bench [-- page | response] [--peer python3]`: all benchmarks, or one of them.
import { parseArgs } from "node:util";
import { benchPage } from "./page.ts";
import { benchResponse } from "./response.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { peer: { type: "string" } } });
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
if (isWanted("page")) await benchPage();
if (isWanted("response")) await benchResponse(values.peer);
