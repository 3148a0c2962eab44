import { defineConfig } from "vitest/config";

/** Every test by default; `--project fast` leaves out what starts whole programs. */
const common = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ["default", "./test/harness/closing-line.ts"],
    // Two cores: programs under test want one of their own.
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 80, functions: 80 },
    },
    projects: [
      {
        test: { ...common, name: "fast", include: ["src/**/*.test.ts", "test/{golden,property,docs}/**/*.test.ts"] },
      },
      { test: { ...common, name: "whole", include: ["test/{e2e,native,oracle,system}/**/*.test.ts"] } },
    ],
  },
});
