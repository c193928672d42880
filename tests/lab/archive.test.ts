// Recordings as bytes: bit for bit back, readable by the words of the format, and a sentence where a file is not whole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pack, unpack } from "../../src/lab/archive.ts";
import { LabError } from "../../src/lab/error.ts";
import { root } from "../../src/node.ts";
import { fc, forAll } from "../helpers/property.ts";

type TypedArray = Uint8Array | Int32Array | Float32Array | Float64Array;

const isArray = (value: unknown): value is TypedArray => ArrayBuffer.isView(value);
const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): number[] => [
  ...new Uint8Array(buffer, byteOffset, byteLength),
];

/** The value with each array as its type and bytes: NaN and minus zero are told apart by their bits. */
function bits(value: unknown): unknown {
  if (isArray(value)) return [value.constructor.name, ...bytesOf(value)];
  if (Array.isArray(value)) return value.map(bits);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, bits(item)]));
}

const nested = {
  title: "tigers → cats, “wide” 🐅",
  empty: { list: [], array: new Float32Array(0), nothing: null },
  chunks: [
    {
      kind: "response",
      numerator: Float32Array.of(0.1, -0, NaN, -Infinity),
      denominator: Float64Array.of(Math.PI, 5e-324),
    },
    { kind: "log", done: true, tick: 3, anchors: Int32Array.of(-1, 2 ** 31 - 1), labels: Uint8Array.of(0, 255, 7) },
  ],
};

/** What a refusal says, and its code. */
function refusalOf(act: () => unknown): string {
  let thrown: unknown = "nothing was thrown";
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(LabError);
  expect((thrown as LabError).code).toBe("data-unavailable");
  return (thrown as LabError).message;
}

describe("a recording", () => {
  it("comes back bit for bit", () => {
    expect(bits(unpack(pack(nested)))).toEqual(bits(nested));
  });

  it("comes back bit for bit whatever is in it", () => {
    const floats = { noDefaultInfinity: false, maxLength: 9 };
    const array = fc.oneof(
      fc.uint8Array({ maxLength: 9 }),
      fc.int32Array({ maxLength: 9 }),
      fc.float32Array(floats),
      fc.float64Array(floats),
    );
    const plain = fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: "grapheme" }), fc.constant(null), array);
    const tree = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        plain,
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: "grapheme", maxLength: 4 }), tie("any"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any;
    forAll(tree, (value) => void expect(bits(unpack(pack(value)))).toEqual(bits(value)), 300);
  });

  it("is the same bytes for the same value", () => {
    expect(pack(nested)).toEqual(pack(structuredClone(nested)));
  });

  it("holds what an array shows of its buffer, and is read where it lies in another", () => {
    const whole = Float32Array.of(9, 1, 2, 9);
    const packed = pack({ part: whole.subarray(1, 3) });
    const around = new Uint8Array(packed.length + 3).fill(255);
    around.set(packed, 3);
    const { part } = unpack(around.subarray(3)) as { part: Float32Array };
    expect([...part]).toEqual([1, 2]);
    // Its own memory: it does not change with the file.
    around.fill(0);
    expect([...part]).toEqual([1, 2]);
  });

  it("lies in the file as the format says", () => {
    const file = pack({ name: "ü", a: Uint8Array.of(1, 2, 3), b: Float64Array.of(-0.5, 1e300), c: Int32Array.of(-7) });
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    expect(new TextDecoder().decode(file.subarray(0, 8))).toBe("LELAB1\n\0");
    const length = view.getUint32(8, true);
    expect(view.getUint32(12, true)).toBe(0);
    const slots = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(16, 16 + length)));
    expect(slots).toMatchObject({ name: "ü", a: { $array: "u8" }, b: { $array: "f64" }, c: { $array: "i32" } });
    const start = 16 + Math.ceil(length / 8) * 8;
    expect([0, 1, 2].map((at) => view.getUint8(start + slots.a.at + at))).toEqual([1, 2, 3]);
    expect([0, 8].map((at) => view.getFloat64(start + slots.b.at + at, true))).toEqual([-0.5, 1e300]);
    expect(view.getInt32(start + slots.c.at, true)).toBe(-7);
    expect([slots.a, slots.b, slots.c].map((slot) => slot.length)).toEqual([3, 2, 1]);
    for (const { at } of [slots.a, slots.b, slots.c]) expect(at % 8).toBe(0);
    expect(file.length % 8).toBe(0);
  });
});

describe("a file that is no whole recording", () => {
  const file = pack(nested);

  it("is refused wherever it is cut off", () => {
    // The last array is 3 bytes long and padded to 8: the padding may go.
    for (let length = 0; length < file.length - 5; length++) {
      const sentence = refusalOf(() => unpack(file.slice(0, length)));
      expect(sentence).toMatch(/^This .+ again\.$/);
      if (length >= 16) expect(sentence).toContain(`ends after ${length} bytes`);
    }
    expect(bits(unpack(file.slice(0, file.length - 5)))).toEqual(bits(nested));
  });

  it.each([
    ["a web page", new TextEncoder().encode("<!doctype html><title>Not found</title>")],
    ["JSON", new TextEncoder().encode(JSON.stringify(nested))],
    ["a PNG", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(40)])],
    ["a later version", Uint8Array.from(pack(nested), (byte, at) => (at === 5 ? 0x32 : byte))],
  ])("is refused where it is %s", (_name, bytes) => {
    expect(refusalOf(() => unpack(bytes))).toBe("This is not a recording of the lab; export it again.");
  });

  it("is refused where its JSON is garbled", () => {
    const spoilt = file.slice();
    spoilt.fill(0xff, 20, 24);
    expect(refusalOf(() => unpack(spoilt))).toContain("garbled");
  });

  /** A recording with this text in place of its JSON, and 64 bytes of arrays. */
  const withText = (text: string): Uint8Array => {
    const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
    const bytes = new Uint8Array(16 + json.length + 64);
    bytes.set(file.subarray(0, 8));
    new DataView(bytes.buffer).setUint32(8, json.length, true);
    bytes.set(json, 16);
    return bytes;
  };

  it("is refused where a slot makes no sense", () => {
    const good = { $array: "f32", at: 0, length: 2 };
    expect(unpack(withText(JSON.stringify(good)))).toEqual(new Float32Array(2));
    for (const wrong of [
      { $array: "f16" },
      { $array: "constructor" },
      { $array: null },
      { at: -8 },
      { at: 0.5 },
      { at: "0" },
      { length: -1 },
      { length: 1.5 },
      { length: null },
      { length: "2" },
    ])
      expect(refusalOf(() => unpack(withText(JSON.stringify({ ...good, ...wrong }))))).toContain("garbled");
    expect(refusalOf(() => unpack(withText(JSON.stringify({ ...good, length: 17 }))))).toContain(
      "before its last array",
    );
  });

  it("is either read or refused by the lab's own error, whatever bytes are wrong", () => {
    const wrong = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    let refusals = 0;
    forAll(
      wrong,
      (changes) => {
        const spoilt = file.slice();
        for (const [at, byte] of changes) spoilt[at] = byte;
        try {
          unpack(spoilt);
        } catch (error) {
          refusals += 1;
          expect(error).toBeInstanceOf(LabError);
          expect((error as LabError).code).toBe("data-unavailable");
        }
      },
      500,
    );
    expect(refusals).toBeGreaterThan(0);
  });
});

describe("the committed recording", () => {
  it.each(["results.bin", "images.bin", "weights.bin"])(
    "is whole, and packed again it is the same bytes (%s)",
    (name) => {
      const bytes = new Uint8Array(readFileSync(join(root, "public", "recorded", name)));
      expect(Buffer.from(pack(unpack(bytes))).equals(bytes)).toBe(true);
    },
  );
});
