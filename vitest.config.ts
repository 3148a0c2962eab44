import { defineConfig } from "vitest/config";

/** Every test by default; `--project fast` leaves out what starts whole programs. */
const common = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } };

export default defineConfig({
  test: {
    reporters: ["default", "./test/harness/closing-line.ts"],
    // Two cores: programs under test want one of their own.
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      // What runs only in whole programs, whose coverage V8 cannot tell us: test/e2e and test/native are for these.
      exclude: [
        "src/**/*.test.ts",
        "src/{about,command,conclusion,decoding,exempting,importing,listing,media,moments,opened,playable,playback,printing,resolved-moments,screen-playback,timeline,recording,source,system-log}.ts",
        "src/terminal/*.ts",
        "src/writer/{datagram,journal,syslog}.ts",
        "src/config/syslog-names.ts",
        "src/reader/journal.ts",
        "src/catalog/{date,journal,journal-list,table}.ts",
        "src/administer/*.ts",
        "src/export/{html,journal-entry}.ts",
        "src/play/{info,interruption,sink,terminal}.ts",
      ],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 95, functions: 93, "src/format/*.ts": { lines: 99, functions: 100 } },
    },
    projects: [
      {
        test: { ...common, name: "fast", include: ["src/**/*.test.ts", "test/{golden,property,docs}/**/*.test.ts"] },
      },
      { test: { ...common, name: "whole", include: ["test/{e2e,native,oracle}/**/*.test.ts"] } },
      {
        test: {
          ...common,
          name: "package",
          include: ["test/package/*.test.ts"],
          globalSetup: "./test/package/packages.ts",
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...common,
          name: "install",
          include: ["test/install/*.test.ts"],
          globalSetup: "./test/package/packages.ts",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      { test: { ...common, name: "system", include: ["test/system/**/*.test.ts"], fileParallelism: false } },
    ],
  },
});
