/** What a start costs that nobody sees in the code: modules of Node's that its snapshot does not hold. */
import { spawnSync } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describe as described } from "../../scripts/code-cache.ts";
import { recorderFlags } from "../../scripts/native.ts";
import { addonPath } from "../../src/terminal/native.ts";
import { temporaryFolder } from "../harness/recorder.ts";

const built = join(addonPath, "..");

test.each([
  ["rec", ["-w", "none", "seq", "1000"]],
  // To the journal, or to the folder of a home of its own where there is none.
  ["rec-session", ["-c", "seq 1000"]],
])("%s uses node:os and node:vm, and no other", (name, rest) => {
  const folder = temporaryFolder();
  const description = described(join(folder, "launch"), { args: [name, ...rest], environment: [`HOME=${folder}`] });
  const { stderr, stdout, status } = spawnSync(
    join(built, "node"),
    [...recorderFlags, join(built, "start.cjs"), "3", name],
    { env: { NODE_DEBUG_NATIVE: "code_cache" }, stdio: ["ignore", "pipe", "pipe", description], encoding: "latin1" },
  );
  closeSync(description);
  expect([status, stdout.length]).toEqual([0, 3893]);
  const compiled = [...stderr.matchAll(/^Compiling (\S+) /gm)].map(([, module]) => module).sort();
  expect(compiled).toEqual(["internal/main/run_main_module", "os", "vm"]);
});
