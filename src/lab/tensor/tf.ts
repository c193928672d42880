// The one import of TensorFlow.js; the rest of the lab sees tensors through this door.
import * as tf from "@tensorflow/tfjs";
import type { Host } from "../contracts.ts";
import { LabError } from "../error.ts";
import type { BackendId } from "../lab.ts";

// Only silences its advertisement for another package, which it prints in Node.
tf.env().set("PROD", true);

export { tf };
export type Tensor = tf.Tensor;
export type Tensor4D = tf.Tensor4D;

/** How many threads compute, and what there is to say about it. */
export interface Crew {
  readonly count: number;
  readonly remark: string;
}

/** Makes a backend TensorFlow.js's current one. @throws LabError `backend-unsupported` with what was missing. */
export async function activate(id: BackendId, host: Host): Promise<Crew> {
  try {
    if (id === "wasm") wasmCrew ??= await crewOf(host);
    if (id === "webgpu") {
      await requireGpuAdapter();
      await import("@tensorflow/tfjs-backend-webgpu");
    }
    // Packed unary operations give a dense gradient that is off at batch size 1 (measured on software WebGL).
    if (id === "webgl") tf.env().set("WEBGL_PACK_UNARY_OPERATIONS", false);
    if (!(await tf.setBackend(id))) throw new Error(`TensorFlow.js could not start its ${id} backend`);
    await tf.ready();
    watchDevice(id, host);
    return id === "wasm" ? wasmCrew! : { count: 1, remark: "" };
  } catch (error) {
    throw new LabError("backend-unsupported", `${id}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** TensorFlow.js keeps a backend once it has started. */
let wasmCrew: Crew | undefined;

/** Gets wasm ready to start: on several threads where the platform has them, else on one, which gives the same numbers. */
async function crewOf({ wasmPaths, threads }: Host): Promise<Crew> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(wasmPaths);
  // Of its own accord it takes half of the cores, in a way that a minifying build breaks.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!threads) return { count: 1, remark: "" };
  if (threads.missing !== undefined) return { count: 1, remark: `One thread: ${threads.missing}` };
  try {
    wasm.setThreadsCount(threads.count);
    const module = await threads.start();
    const backend = new wasm.BackendWasm(module as ConstructorParameters<typeof wasm.BackendWasm>[0]);
    tf.removeBackend("wasm");
    tf.registerBackend("wasm", () => backend);
    return { count: wasm.getThreadsCount(), remark: "" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { count: 1, remark: `One thread: more could not be started here (${reason}).` };
  }
}

/** TensorFlow.js only logs when there is no adapter; asking first gives the reason. */
async function requireGpuAdapter(): Promise<void> {
  const { navigator } = globalThis as { navigator?: { gpu?: { requestAdapter(): Promise<object | null> } } };
  if (!navigator?.gpu) throw new Error("this browser does not offer it");
  if (!(await navigator.gpu.requestAdapter())) throw new Error("this browser offers it, but found no graphics adapter");
}

/** Adapter facts that tell hardware from software; empty where the platform does not say. */
export async function adapterOf(id: BackendId): Promise<{ name: string; software: boolean; float32: boolean }> {
  if (id === "webgl") {
    const gl = (tf.backend() as unknown as { gpgpu?: { gl?: WebGlLike } }).gpgpu?.gl;
    const debug = gl?.getExtension("WEBGL_debug_renderer_info");
    const name = gl && debug ? String(gl.getParameter(debug.UNMASKED_RENDERER_WEBGL)) : "";
    return { name, software: isSoftware(name), float32: tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED") };
  }
  if (id === "webgpu") {
    const info = (tf.backend() as unknown as { adapterInfo?: { adapterInfo?: AdapterLike } & AdapterLike }).adapterInfo;
    const facts = info?.adapterInfo ?? info;
    const name = [facts?.vendor, facts?.architecture, facts?.description].filter(Boolean).join(" ");
    return { name, software: facts?.isFallbackAdapter === true || isSoftware(name), float32: true };
  }
  return { name: id, software: true, float32: true };
}

/** Devices whose loss is listened for. */
const watched = new WeakSet<object>();

/** Tells the host when the graphics device is lost: from then on WebGL answers nothing, and every tensor is gone. */
function watchDevice(id: BackendId, { lost }: Host): void {
  const { gpgpu, device } = tf.backend() as unknown as { gpgpu?: { gl: WebGlLike }; device?: DeviceLike };
  const held = id === "webgl" ? gpgpu?.gl.canvas : id === "webgpu" ? device : undefined;
  if (!held || watched.has(held)) return;
  watched.add(held);
  const tell = (reason: string): void =>
    lost?.(new LabError("worker-lost", `The graphics device was lost (${reason}).`));
  if (id === "webgl") gpgpu!.gl.canvas!.addEventListener("webglcontextlost", () => tell("WebGL context lost"));
  // One that was given up on purpose is no loss.
  else void device!.lost.then(({ reason, message }) => reason !== "destroyed" && tell(message || reason));
}

interface DeviceLike {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}
interface WebGlLike {
  readonly canvas?: { addEventListener(type: "webglcontextlost", listener: () => void): void };
  getExtension(name: string): { UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): unknown;
}
interface AdapterLike {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

const isSoftware = (name: string): boolean => /swiftshader|llvmpipe|software|basic render|lavapipe/i.test(name);

/** The largest single tensor that a backend can hold, in bytes, and the name of that limit. */
export function largestTensor(id: BackendId): { bytes: number; limit: string } {
  if (id === "webgl") {
    const side = tf.env().getNumber("WEBGL_MAX_TEXTURE_SIZE");
    return { bytes: side * side * 4, limit: `MAX_TEXTURE_SIZE ${side}` };
  }
  if (id === "webgpu") {
    const device = (tf.backend() as unknown as { device?: { limits?: { maxStorageBufferBindingSize?: number } } })
      .device;
    const bytes = device?.limits?.maxStorageBufferBindingSize ?? 128 * 2 ** 20;
    return { bytes, limit: `maxStorageBufferBindingSize ${bytes}` };
  }
  return { bytes: 2 ** 30, limit: id === "wasm" ? "a quarter of the 4 GB wasm heap" : "1 GiB a tensor" };
}

/** tf.tidy for any plain value that holds tensors. */
export const tidy = <T>(body: () => T): T => tf.tidy(body as unknown as () => tf.TensorContainer) as unknown as T;

/** The same numbers as another tensor, which a tidy may keep; `tf.clone` copies them on wasm. */
export const alias = (x: Tensor): Tensor => tf.reshape(x, x.shape);

/** Tensors of one shape as one, side by side along their last axis. */
export const beside = (tensors: readonly Tensor[]): Tensor =>
  tensors.length === 1 ? tensors[0]! : tf.concat([...tensors], -1);

/** The sum of tensors of one shape, two by two: WebGPU's own sum of eight or more exceeds its buffers, and says nothing. */
export const total = (tensors: readonly Tensor[]): Tensor => tensors.reduce((sum, next) => tf.add(sum, next));
