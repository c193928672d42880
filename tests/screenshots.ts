// The pictures of the README, and others to look at: `npm run screenshots [-- folder]` photographs the built page.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, serveBuild } from "./helpers/browser.ts";

const folder = process.argv[2] ?? ".github/screenshots";

const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
} as const;

type Screen = keyof typeof screens;
type Scheme = "light" | "dark";

async function open(browser: Browser, address: string, screen: Screen, colorScheme: Scheme): Promise<Page> {
  const context = await browser.newContext({ ...screens[screen], colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole("button", { name: /^Backend: (?!Starting)/ }).waitFor();
  await page.getByText("now live").waitFor();
  return page;
}

async function photograph(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(join(folder, `${name}.png`));
}

/** What opens on top of the page, by the name of its picture. */
const dialogs: Record<string, (page: Page) => Promise<void>> = {
  setup: (page) => page.getByRole("button", { name: /^Set up/ }).click(),
  export: (page) => page.getByRole("button", { name: "Export", exact: true }).click(),
  help: (page) => page.getByRole("button", { name: "Help" }).click(),
};

/** A study, run in its small setting. */
async function study(page: Page, preset: string, theme: string): Promise<void> {
  await page.getByRole("button", { name: "Presets" }).click();
  await page.getByRole("radio", { name: theme }).check({ force: true });
  await page.getByRole("menuitem", { name: preset }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("button", { name: "Done" }).waitFor({ timeout: 120_000 });
}

/** Enough that the factors of the graph have come apart. */
const graphSteps = 120;

mkdirSync(folder, { recursive: true });
const served = await serveBuild();
const browser = await launchBrowser();
try {
  for (const screen of Object.keys(screens) as Screen[])
    for (const scheme of ["light", "dark"] as const) {
      const page = await open(browser, served.address, screen, scheme);
      await photograph(page, `${screen}-${scheme}`);
      if (screen === "desktop" && scheme === "light") {
        await study(page, "Figure 1: torus", "Local elasticity");
        await photograph(page, "study");
        await study(page, "The drawn set's own features", "Models of elasticity");
        for (let step = 0; step < graphSteps; step++) await page.getByRole("button", { name: "One step" }).click();
        await photograph(page, "graph");
        await page.getByRole("button", { name: "Back to the live lab" }).click();
      }
      if (process.argv[2])
        for (const [name, show] of Object.entries(dialogs)) {
          await show(page);
          await page.getByRole("dialog").waitFor();
          await photograph(page, `${screen}-${scheme}-${name}`);
          await page.keyboard.press("Escape");
          await page.getByRole("dialog").waitFor({ state: "detached" });
        }
      await page.context().close();
    }
} finally {
  await browser.close();
  await served.close();
}
