/** The line that replays a session, told when it ends: it works as it stands. */
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { rec, run, temporaryFolder } from "../harness/recorder.ts";
import { Session } from "../harness/session.ts";

/** Records a shell that says `word`; what the line told at its end then plays, once the medium has put it away. */
async function replayed(
  home: string,
  args: readonly string[],
  word: string,
  { by = rec, sync = () => {} }: { readonly by?: string; readonly sync?: () => void } = {},
): Promise<string> {
  const environment = { HOME: home, SHELL: "/bin/sh", PATH: "/usr/bin:/bin" };
  // Names are relative to the home.
  const at = (line: string, ...words: readonly string[]) => ["/bin/sh", "-c", `cd && ${line}`, ...words];
  const session = new Session({ args: at('exec "$0" "$@"', by, ...args), environment });
  await session.sees("rec: recording");
  session.type(`echo ""${word}; exit\n`);
  await session.exited;
  sync();
  const line = /replay it with: (.*)\r\n/.exec(session.shownText)?.[1] ?? "no line";
  const { stdout } = await run(at(`${line} --format raw`), { environment });
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

test("of a file that looks like an option, by a program in a folder with a blank", async () => {
  const home = temporaryFolder();
  symlinkSync(dirname(rec), join(home, "my programs"));
  expect(await replayed(home, ["-o", "-x.rec"], "six", { by: join(home, "my programs/rec") })).toContain("six\r\n");
});

test("of a journal's namespace", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const args = ["-w", "journal", "--journal-namespace", journald.namespace];
  expect(await replayed(temporaryFolder(), args, "five", { sync: () => journald.sync() })).toContain("five\r\n");
});
