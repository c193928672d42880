// Arrays for numpy: another reader, written from the formats' definitions, finds every number where it was put.
import { describe, expect, it } from "vitest";
import { npz, type NamedArray } from "../../src/lab/npz.ts";
import { readNpz } from "../helpers/numpy.ts";
import { fc, forAll } from "../helpers/property.ts";

const kinds = { Float32Array: "<f4", Float64Array: "<f8", Int32Array: "<i4", Uint8Array: "|u1" };
const kindOf = ({ data }: NamedArray): string => kinds[data.constructor.name as keyof typeof kinds];

const some = {
  weight_0: { shape: [2, 3], data: Float32Array.of(0.1, -0, NaN, Infinity, -1e-40, 3) },
  step_sizes: { shape: [2], data: Float64Array.of(Math.PI, 5e-324) },
  labels: { shape: [3, 1], data: Uint8Array.of(0, 7, 255) },
  anchors: { shape: [1, 1, 2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
} satisfies Record<string, NamedArray>;

describe("arrays in numpy's format", () => {
  it("are read by another program with their type, shape and every number", () => {
    const read = readNpz(npz(some));
    expect([...read.keys()]).toEqual(Object.keys(some));
    for (const [name, array] of Object.entries(some))
      expect(read.get(name)).toEqual({ descr: kindOf(array), shape: array.shape, values: [...array.data] });
  });

  it("are read alike whatever their shape, down to no axis and no elements", () => {
    const arrays = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
      const size = { length: shape.reduce((product, length) => product * length, 1) };
      const exactly = { minLength: size.length, maxLength: size.length };
      return fc
        .oneof(fc.float32Array(exactly), fc.float64Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
        .map((data): NamedArray => ({ shape, data }));
    });
    forAll(arrays, (array) => {
      const read = readNpz(npz({ only: array })).get("only");
      expect(read).toEqual({ descr: kindOf(array), shape: array.shape, values: [...array.data] });
    });
  });

  it("leave out what a view does not show of its buffer", () => {
    const view = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(readNpz(npz({ view: { shape: [2], data: view } })).get("view")!.values).toEqual([1, 2]);
  });

  it("are the same bytes for the same numbers", () => {
    expect(npz(structuredClone(some))).toEqual(npz(some));
  });

  it("are refused with both sizes where the shape does not fit", () => {
    expect(() => npz({ odd: { shape: [2, 3], data: new Uint8Array(5) } })).toThrow(
      new RangeError("npz: odd has 5 values for shape 2 x 3"),
    );
  });

  it("that were cut short or changed on their way are not read", () => {
    const file = npz(some);
    // Within the first file's contents, which follow its header of 30 bytes and its name.
    const data = 30 + "weight_0.npy".length + 8;
    const changed = file.with(data, file[data]! ^ 1);
    expect(() => readNpz(file.subarray(0, file.length - 1))).toThrow();
    expect(() => readNpz(changed)).toThrow();
  });
});
