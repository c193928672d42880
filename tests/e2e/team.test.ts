// A study in several workers of the built page: who computes, what is found, and that nobody is left behind.
import { csvParse } from "d3-dsv";
import { expect, it } from "vitest";
import { encodeStudy, sharedStudy } from "../../src/app/state/studyShelf.ts";
import { phaseDiagram, type PhaseParams } from "../../src/lab/studies/phaseDiagram.ts";
import type { Desk } from "../../src/lab/study.ts";
import { stage, type LabPage } from "./labPage.ts";

const { open } = stage();

/** Long enough that one worker is not through before others are there. */
const params = { tailCount: 8, ratioCount: 10, steps: 5000, runs: 16 };
const shared = sharedStudy({ study: "phase-diagram", params });

/** Labs in workers, the page's own among them; its helpers and threads have other scripts. */
const labs = (lab: LabPage): number =>
  lab.page.workers().filter((worker) => /\/worker-[^/]*$/.test(worker.url())).length;

async function accuracies(lab: LabPage): Promise<number[]> {
  const press = (): Promise<void> => lab.button("Export").click();
  const csv = await lab.inDialog(press, "Export", async (dialog) => {
    await dialog.getByRole("radio", { name: "CSV" }).check({ force: true });
    return lab.saved(() => dialog.getByRole("button", { name: /^Save/ }).click());
  });
  return csvParse(csv.toString("utf8")).map(({ accuracy }) => Number(accuracy));
}

/** Of the first ratio and the last. */
async function known(): Promise<number[]> {
  const desk = { breathe: () => Promise.resolve() } as unknown as Desk;
  const chosen = shared.spec.params as PhaseParams;
  const rows: number[] = [];
  for await (const event of phaseDiagram.run(chosen, desk, new Set(phaseDiagram.keys(chosen).slice(1, -1))))
    if (event.kind === "finding") rows.push(...event.value.accuracy);
  return rows;
}

it("is shared by no more than there are cores, which end with it, and finds what one does", async () => {
  const lab = await open(`#${encodeStudy(shared)}`);
  await lab.badge.waitFor();
  const cores = await lab.page.evaluate(() => navigator.hardwareConcurrency);
  await lab.button("Run").click();
  if (cores > 1) await expect.poll(() => labs(lab), { timeout: 20_000 }).toBeGreaterThan(2);
  expect(labs(lab)).toBeLessThanOrEqual(1 + Math.min(cores, 8));
  await lab.button("Pause").click();
  await expect.poll(() => labs(lab)).toBe(1);
  await lab.button(/^(Run|Resume)$/).click();
  await lab.button("Done").waitFor();
  await expect.poll(() => labs(lab)).toBe(1);
  const found = await accuracies(lab);
  expect(found).toHaveLength(params.tailCount * params.ratioCount);
  expect([...found.slice(0, params.tailCount), ...found.slice(-params.tailCount)]).toEqual(await known());
});

it("stops for another backend, and goes on with it", async () => {
  const lab = await open(`#${encodeStudy(shared)}`);
  await lab.badge.waitFor();
  await lab.button("Run").click();
  await lab.button("Pause").waitFor();
  await lab.badge.click();
  await lab.page.getByRole("radio", { name: "CPU" }).check({ force: true });
  await lab.button(/^Backend: CPU/).waitFor();
  await lab.page.keyboard.press("Escape");
  expect(await lab.page.getByRole("alert").allInnerTexts()).toEqual([]);
  await lab.button(/^(Run|Resume)$/).click();
  await lab.button("Done").waitFor({ timeout: 60_000 });
});
