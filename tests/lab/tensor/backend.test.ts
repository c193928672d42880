// The choice of a backend: the first that passes its trial, a reason for every other, and no waiting for a silent driver.
import { describe, expect, it } from "vitest";
import { activation } from "../../../src/lab/tensor/activation.ts";
import { chooseBackend, modelTrial } from "../../../src/lab/tensor/backend.ts";
import { dense } from "../../../src/lab/tensor/dense.ts";
import { flatten } from "../../../src/lab/tensor/flatten.ts";
import { nodeBackends, nodeHost } from "../../helpers/host.ts";

/** Time flies: every wait is over before a driver can have answered. */
const impatient = { ...nodeHost, wait: async () => undefined };

describe("the choice of a backend", () => {
  it("takes the first that passes its trial and says why not a better one", async () => {
    const { id, considered } = await chooseBackend("auto", { ...nodeHost, backends: ["webgl", "wasm", "cpu"] });
    expect(id).toBe("wasm");
    expect(considered.map((one) => [one.id, one.accepted])).toEqual([
      ["webgl", false],
      ["wasm", true],
    ]);
    expect(considered[0]!.reason).not.toBe("");
  });

  it("does not wait for a graphics driver that says nothing", async () => {
    await expect(chooseBackend("webgpu", impatient)).rejects.toThrow("WebGPU did not answer within 10 seconds.");
  });

  it("waits for wasm as long as it takes to fetch it", async () => {
    expect((await chooseBackend("wasm", impatient)).id).toBe("wasm");
  });

  it.each(nodeBackends)("accepts a network as wide as the form allows on %s", async (id) => {
    await chooseBackend(id, nodeHost);
    const width = id === "cpu" ? 512 : 16384;
    await expect(modelTrial([flatten(), dense(width), ...activation("relu"), dense(7)], [32, 32, 3])).resolves.toBe(
      undefined,
    );
  });
});
