/** Following a session that runs, on the drawn screen: back and on while it goes on, from every medium that it is written to. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { rec, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";
import { Tmux } from "../harness/tmux.ts";
import { has, program } from "./play-program.ts";

interface Medium {
  /** Options of rec. */
  readonly writer: readonly string[];
  /** Those of rec-play. */
  readonly reader: readonly string[];
  /** Whether a message of the recording is there. */
  readonly hasBegun: () => boolean;
}

const media: Readonly<Record<string, () => Promise<Medium>>> = {
  "the journal": async () => {
    const journald = await journaldOfTest();
    const { namespace } = journald;
    return {
      writer: ["-w", "journal", "--journal-namespace", namespace],
      reader: ["-r", "journal", "-N", namespace],
      hasBegun: () => {
        journald.sync();
        return spawnSync("journalctl", ["-q", "--namespace", namespace, "-F", "TLOG_REC"]).stdout.length > 0;
      },
    };
  },
  "a folder": async () => {
    const folder = join(temporaryFolder(), "recordings");
    return {
      writer: ["-w", "folder", "--folder-path", folder],
      reader: [folder],
      hasBegun: () => existsSync(folder) && readdirSync(folder).length > 0,
    };
  },
  "a file": async () => {
    const file = join(temporaryFolder(), "a.jsonl");
    return { writer: ["-o", file], reader: [file], hasBegun: () => existsSync(file) };
  },
};

test.skipIf(!has("tmux")).for(Object.keys(media))("from %s", async (name, { skip }) => {
  if (name === "the journal" && journaldMissing !== undefined) skip(journaldMissing);
  const medium = await (media[name] as () => Promise<Medium>)();
  const session = new Session({ args: [rec, ...medium.writer, "--latency=1", "cat"], columns: 60, rows: 10 });
  const type = async (word: string): Promise<void> => {
    session.type(`${word}\r`);
    await session.sees(`${word}\r\n${word}\r\n`);
  };
  await type("one");
  await until(medium.hasBegun, "the first message");

  const folder = temporaryFolder();
  const terminal = new Tmux(folder);
  onTestFinished(() => terminal.end());
  const rows = (): string[] =>
    terminal.screen
      .split("\n")
      .slice(0, 8)
      .map((row) => row.trimEnd());
  const looks = async (...words: string[]): Promise<void> => {
    const expected = [...words, ...Array(8).fill("")].slice(0, 8);
    await until(
      () => JSON.stringify(rows()) === JSON.stringify(expected),
      () => `${words} on\n${terminal.screen}`,
    );
  };
  const looksLike = async (shown: string[], hidden: string[]): Promise<void> => {
    await until(
      () => shown.every((word) => rows().includes(word)) && !hidden.some((word) => rows().includes(word)),
      () => `${shown}, not ${hidden} on\n${terminal.screen}`,
    );
  };
  await terminal.run(`clear; ${program} --follow ${medium.reader.join(" ")}; echo "status $?"`);
  await looks("one", "one");
  await type("two");
  await looks("one", "one", "two", "two");
  // Back, while the session goes on.
  terminal.press("Space", "g");
  await terminal.shows("paused  0:00:00.");
  await looks();
  const length = () => / \/ ([\d:.]+)\+/.exec(terminal.screen)?.[1];
  const before = length();
  await type("three");
  await until(
    () => length() !== before,
    () => `more than ${before} on\n${terminal.screen}`,
  );
  await looks();
  terminal.press("/", ..."three", "Enter");
  await looksLike(["three"], []);
  terminal.press("?", ..."two", "Enter");
  await looksLike(["two"], ["three"]);
  // And with it again.
  terminal.press("G");
  await looks("one", "one", "two", "two", "three", "three");
  terminal.press("Space");
  await terminal.shows("following");
  await type("four");
  await looks("one", "one", "two", "two", "three", "three", "four", "four");
  session.type("\u0004");
  await terminal.shows("status 0");
});
