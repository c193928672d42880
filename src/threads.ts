// What a browser lends the lab for wasm on several threads: TensorFlow.js's threaded build, started from files as they are. Its
// own way to start it reads the sources of functions, which a minifying build has rewritten.
import script from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url";
import binary from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import type { Threads } from "./lab/contracts.ts";

/** The build has workers for no more. */
const mostThreads = 8;
/** With all files there, a start takes far less. */
const patienceMs = 10_000;

/** @param cores that are this worker's */
export function threadsOn(cores: number): Threads {
  const count = Math.min(mostThreads, cores);
  return {
    count,
    missing:
      !globalThis.crossOriginIsolated || typeof SharedArrayBuffer === "undefined"
        ? "this page is not cross-origin isolated. Reload it; if that does not help, its server has to send two headers" +
          ' (README, "Putting it on a server").'
        : count < 2
          ? "this machine has one core."
          : undefined,
    start: () => start(count),
  };
}

/** The module as the build's script makes it out of its settings, as far as it matters here. */
interface Settings {
  readonly mainScriptUrlOrBlob: Blob;
  locateFile(): string;
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, own: WebAssembly.Module) => void,
  ): object;
  readonly PThread?: { readonly unusedWorkers: Worker[]; terminateAllThreads(): void };
  readonly cwrap?: (name: string, result: string | null, words: readonly string[]) => unknown;
}

async function start(count: number): Promise<object> {
  const [{ default: factory }, { wasmWorkerContents }, module, source] = await Promise.all([
    import("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js"),
    import("@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js"),
    fetched(binary).then(async (response) => WebAssembly.compile(await response.arrayBuffer())),
    fetched(script).then((response) => response.text()),
  ]);
  const address = URL.createObjectURL(scriptOf(wasmWorkerContents.replaceAll("\n", "\\n")));
  const settings: Settings = {
    mainScriptUrlOrBlob: scriptOf(source),
    locateFile: () => address,
    instantiateWasm(imports, receive) {
      // It would take half of the cores at most.
      imports.env!.emscripten_num_logical_cores = () => 2 * count;
      void WebAssembly.instantiate(module, imports).then((instance) => receive(instance, module));
      return {};
    },
  };
  const started = new AbortController();
  const ready = factory(settings);
  const { unusedWorkers, terminateAllThreads } = settings.PThread!;
  // It makes a worker for each thread that there can be; the calling thread is one itself.
  for (const worker of unusedWorkers.splice(count - 1)) worker.terminate();
  try {
    await Promise.race([ready, failureOf(unusedWorkers, started.signal), silence(started.signal)]);
  } catch (error) {
    terminateAllThreads();
    throw error;
  } finally {
    started.abort();
    URL.revokeObjectURL(address);
  }
  return Object.assign(settings, { tfjs: callsOf(settings) });
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be loaded`);
  return response;
}

const scriptOf = (source: string): Blob => new Blob([source], { type: "text/javascript" });

/** Rejects when a worker could not start; without this, its error would count as one of the lab's own worker. */
const failureOf = (workers: readonly Worker[], signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    for (const worker of workers)
      worker.addEventListener(
        "error",
        (event) => {
          event.preventDefault();
          event.stopImmediatePropagation();
          reject(new Error(event.message || "a thread's script was blocked"));
        },
        { signal },
      );
  });

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} seconds`)), patienceMs);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });

/** What TensorFlow.js calls the module by. */
const callsOf = ({ cwrap }: Settings) => ({
  init: cwrap!("init", null, []),
  initWithThreadsCount: cwrap!("init_with_threads_count", null, ["number"]),
  getThreadsCount: cwrap!("get_threads_count", "number", []),
  registerTensor: cwrap!("register_tensor", null, ["number", "number", "number"]),
  disposeData: cwrap!("dispose_data", null, ["number"]),
  dispose: cwrap!("dispose", null, []),
});
