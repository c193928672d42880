// The entry of a worker process of the command line: a lab of its own, for its share of a study.
import { localLab } from "./lab/local.ts";
import { host } from "./node.ts";
import { serve } from "./remote/host.ts";

const [memoryBytes] = process.argv.slice(2).map(Number);

// The parent has gone, and with it whoever would read on.
process.on("disconnect", () => process.exit());

serve(
  {
    postMessage: (message) => void process.send!(message),
    addEventListener: (_type, listener) => void process.on("message", (data) => listener({ data } as MessageEvent)),
  },
  localLab({ ...host, memoryBytes }),
);
