// Lists of words in a form: text in, words out, and back.
import { describe, expect, it } from "vitest";
import { readText, textOf } from "../../src/app/panels/ParamFields.tsx";
import { checkValue, words } from "../../src/lab/params.ts";

const param = words({ title: "Tasks", byDefault: [], minCount: 1, maxCount: 3 });

describe("a list of words", () => {
  it("is read with commas between them, and written back", () => {
    const read = readText(param, " 5-8/3-9,4-9/5-7 , ");
    expect(read).toEqual(["5-8/3-9", "4-9/5-7"]);
    expect(textOf(checkValue("tasks", param, read))).toBe("5-8/3-9, 4-9/5-7");
  });

  it("stays words where they look like numbers", () => {
    expect(readText(param, "5, 8")).toEqual(["5", "8"]);
  });

  it("keeps words that have blanks in them", () => {
    expect(readText(param, "big cat, dog")).toEqual(["big cat", "dog"]);
  });
});
