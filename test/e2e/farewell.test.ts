/** The line that replays a session, told when it ends: it works as it stands. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { rec, run, temporaryFolder } from "../harness/recorder.ts";
import { Session } from "../harness/session.ts";

/** Records a shell that says `word`; what the line told at its end then plays. */
async function replayed(home: string, args: readonly string[], word: string): Promise<string> {
  const environment = { HOME: home, SHELL: "/bin/sh", PATH: "/usr/bin:/bin" };
  const session = new Session({ args: [rec, ...args], environment });
  await session.sees("rec: recording");
  session.type(`echo ""${word}; exit\n`);
  await session.exited;
  const line = /replay it with: (.*)\r\n/.exec(session.shownText)?.[1] ?? "no line";
  const { stdout } = await run(["/bin/sh", "-c", `${line} --format raw`], { environment });
  return stdout.toString();
}

test("of the default folder, of another one, of a file, and of a file that holds another recording", async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, "other"));
  const file = join(home, "a file.log");
  expect(await replayed(home, [], "one")).toContain("one\r\n");
  expect(await replayed(home, ["--folder-path", join(home, "other")], "two")).toContain("two\r\n");
  expect(await replayed(home, ["-o", file], "three")).toContain("three\r\n");
  const fourth = await replayed(home, ["-o", file], "four");
  expect(fourth).toContain("four\r\n");
  expect(fourth).not.toContain("three");
});

test("of a journal's namespace", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const args = ["-w", "journal", "--journal-namespace", journald.namespace];
  expect(await replayed(temporaryFolder(), args, "five")).toContain("five\r\n");
});
