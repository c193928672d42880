// The synthetic geometry as a lecturer opens it: from the menu, by pointer and by keyboard.
import { describe, expect, it } from "vitest";
import { LabPage, numberOf, stage } from "./labPage.ts";

const { open } = stage();

async function opened(preset: string): Promise<LabPage> {
  const lab = await open();
  await lab.button(/^Backend: WebAssembly/).waitFor();
  await lab.openPreset(preset);
  return lab;
}

describe("Figure 1", () => {
  it("finds the torus's r = −0.96, lets a point be picked and turned, and keeps the pairs while it turns", async () => {
    const lab = await opened("Figure 1: torus");
    await lab.button("Run").click();
    const scatter = lab.figure(/^Relative similarity against distance/);
    await scatter.getByText(/^ReLU: r = −0\.96\d, ρ = −0\.9\d\d$/).waitFor();
    await lab.button("Done").waitFor({ timeout: 150_000 });
    await scatter.getByText(/^Linear: r = −0\.0[78]\d/).waitFor();
    const cell = lab.page
      .getByRole("row", { name: /^Pearson r/ })
      .first()
      .getByRole("cell");
    expect(numberOf((await cell.first().textContent())!)).toBeCloseTo(-0.962, 2);
    expect(await cell.last().textContent()).toBe("−0.97");

    const clouds = lab.figure(/^Relative similarity to the picked point/);
    const places = () =>
      clouds.locator('circle[data-panel="0"]').evaluateAll((all) => all.map((one) => one.getAttribute("cx")));
    const before = await places();
    const pairs = await scatter.locator("svg").first().innerHTML();
    await clouds.focus();
    await lab.page.keyboard.press("Shift+ArrowRight");
    await expect.poll(places).not.toEqual(before);
    expect(await scatter.locator("svg").first().innerHTML()).toBe(pairs);

    await clouds.locator('circle[data-panel="1"][data-id="4"]').click({ force: true });
    await lab.page.getByText("point 4 is learned").waitFor();
    await lab.page.getByRole("combobox", { name: "Similarity" }).selectOption("Cosine of activation patterns");
    await lab
      .figure(/^Cosine of activation patterns against distance/)
      .getByText(/^ReLU: r = −0\.9[67]/)
      .waitFor();
  });
});

describe("Figure 7", () => {
  it("opens at the activation patterns", async () => {
    const lab = await opened("Figure 7: activation patterns");
    await lab.page.getByRole("combobox", { name: "Similarity" }).filter({ hasText: "Cosine" }).waitFor();
    expect(await lab.page.getByRole("combobox", { name: "Similarity" }).inputValue()).toBe("patterns");
  });
});
