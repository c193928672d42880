// What axe finds wrong with the page as it stands.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { LabPage } from "./labPage.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** Light and dark differ in their colours alone. */
const rulesFor = { light: {}, dark: { runOnly: ["color-contrast"] } };

/** What axe finds wrong in light and in dark, however small, each as its rule and the elements it is about. */
export async function violations(lab: LabPage): Promise<string[]> {
  await lab.page.evaluate(axeSource);
  const found: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await lab.page.emulateMedia({ colorScheme: scheme });
    await lab.page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    const wrong = await lab.page.evaluate(async (rules) => {
      const result = await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ["violations"], ...rules });
      return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
    }, rulesFor[scheme]);
    found.push(...wrong.map((one) => `${scheme}, ${one}`));
  }
  return found;
}
