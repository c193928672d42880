// Undo of the graph: only of what its own panel did last.
import { describe, expect, it } from "vitest";
import { noPast, pastAfter, pastBefore, stepsBack, type GraphOf } from "../../src/app/studies/neurashed/undo.ts";

const params: GraphOf = { dataset: "drawn", classes: ["tiger", "cat"], graph: "super-class", nodes: [] };
const edited: GraphOf = { ...params, nodes: ["stripes", "tiger@1:stripes", "cat@1:stripes"] };
const again: GraphOf = { ...params, nodes: ["stripes", "tiger@1:stripes", "cat@1"] };

describe("what can be undone", () => {
  const once = pastAfter(noPast, params, edited);
  const twice = pastAfter(once, edited, again);

  it("is every edit, last first, and then none", () => {
    expect(stepsBack(noPast, params)).toEqual([]);
    expect(stepsBack(twice, again)).toEqual([
      { graph: "super-class", nodes: [] },
      { graph: "super-class", nodes: edited.nodes },
    ]);
    const back = pastBefore(twice, edited);
    expect(stepsBack(back, edited)).toEqual([{ graph: "super-class", nodes: [] }]);
    expect(stepsBack(pastBefore(back, params), params)).toEqual([]);
  });

  it.each([
    ["other classes", { classes: ["tiger", "plane"] }],
    ["another data set", { dataset: "glyphs" }],
    ["another graph by name", { graph: "none" as const }],
    ["another graph by hand", { nodes: [] }],
  ])("is nothing under %s, nor is anything from before an edit made there", (_what, other) => {
    const changed: GraphOf = { ...again, ...other };
    expect(stepsBack(twice, changed)).toEqual([]);
    const edit: GraphOf = { ...changed, nodes: ["fur"] };
    expect(stepsBack(pastAfter(twice, changed, edit), edit)).toEqual([{ graph: changed.graph, nodes: changed.nodes }]);
  });

  it("outlasts changes of parameters that the graph does not have", () => {
    const other = { ...edited, bins: 3 };
    expect(stepsBack(once, other)).toHaveLength(1);
  });

  it("is no more than fifty edits", () => {
    let [past, now] = [noPast, params];
    for (let edit = 0; edit < 60; edit++) {
      const next = { ...params, nodes: [`feature ${edit}`] };
      past = pastAfter(past, now, next);
      now = next;
    }
    expect(stepsBack(past, now)).toHaveLength(50);
    expect(stepsBack(past, now).at(-1)!.nodes).toEqual(["feature 58"]);
  });
});
