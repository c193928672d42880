// The test projects: Node alone, and the same engine in a real browser.
import type { TestProjectConfiguration } from "vitest/config";

export const projects: TestProjectConfiguration[] = [
  {
    extends: true,
    test: {
      name: "unit",
      environment: "node",
      include: ["tests/{helpers,math,lab,remote,app,datasets}/**/*.test.ts", "tests/*.test.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // A core less unless told, which of two is half.
      maxWorkers: "100%",
    },
  },
  {
    extends: true,
    test: {
      name: "browser",
      environment: "node",
      include: ["tests/{backends,e2e}/**/*.test.ts"],
      globalSetup: "tests/sharedBuild.ts",
      fileParallelism: false,
      testTimeout: 180_000,
      hookTimeout: 180_000,
    },
  },
];
