/** Debian's tlog beside ours: it plays what we write, and records the same bytes of the same program. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readRecording, rec, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

const tlogRec = "/usr/bin/tlog-rec";
const tlogPlay = "/usr/bin/tlog-play";
const hasTlog = existsSync(tlogRec) && existsSync(tlogPlay) && existsSync("/run/utmp");

/** What tlog-play writes at its end. */
const farewell = Buffer.from("\u001b[0m\u001b[?25h\n\0", "latin1");

/** All output bytes as tlog-play shows them; its standard input has to stay open. */
async function playedByTlog(file: string): Promise<Buffer> {
  const session = new Session({ args: [tlogPlay, "-g", "end", "-i", file], stdio: ["pipe", "pipe", "pipe"] });
  const { exit } = await session.exited;
  const shown = session.stdout?.content ?? Buffer.alloc(0);
  expect([exit, session.stderr?.content.toString()]).toEqual([0, ""]);
  expect(shown.subarray(-farewell.length).equals(farewell)).toBe(true);
  return shown.subarray(0, -farewell.length);
}

describe("Debian's tlog", () => {
  beforeEach((ctx) => ctx.skip(!hasTlog, "needs Debian's package tlog, and /run/utmp"));

  test("plays a session of ours at a terminal, with windows, input and what is no text", async () => {
    const folder = temporaryFolder();
    const [file, bytes] = [join(folder, "r"), join(folder, "bytes")];
    writeFileSync(
      bytes,
      Buffer.concat([Buffer.from('ä€😀\u0000\u007f\u001b[1m"\\/'), randomBytes(20_000), Buffer.from("end")]),
    );
    const script = `stty -echo; echo ready; read x; cat ${bytes}; printf '\\303'; sleep 0.05; printf '\\244|\\360\\237'; read y; stty size`;
    const session = new Session({ args: [rec, "--log-input", "--payload=300", "-o", file, "sh", "-c", script] });
    await session.sees("ready");
    session.type("tyäped\r");
    await session.sees("end");
    session.resize(120, 40);
    await until(() => readRecording(file).windows.includes("120x40"), "the new size");
    session.type("\r");
    await session.sees("40 120");
    await session.exited;
    expect((await playedByTlog(file)).equals(session.shown)).toBe(true);
    expect(readRecording(file).output.equals(session.shown)).toBe(true);
  });

  test("plays a session of ours that showed its own messages, without these", async () => {
    const file = join(temporaryFolder(), "r");
    const session = new Session({ args: [rec, "-o", file, "sh", "-c", `echo begin; tail -f -n +1 ${file}; echo end`] });
    await session.sees('"echo":[[');
    session.type("\x03");
    await session.exited;
    const shown = (await playedByTlog(file)).toString();
    expect(shown).toMatch(/^begin\r\n.*"ver".*end/s);
    expect(shown.length).toBeLessThan(session.shown.length);
    expect(readRecording(file).output.equals(session.shown)).toBe(true);
  });

  test("plays a session of ours without a terminal", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "r");
    const bytes = randomBytes(200_000);
    const session = new Session({ args: [rec, "--log-input", "-o", file, "cat"], stdio: ["pipe", "pipe", "pipe"] });
    session.feed(bytes);
    session.endStdin();
    await session.exited;
    expect((await playedByTlog(file)).equals(bytes)).toBe(true);
  });

  test("plays a recording in which a limit left something out, and one that was cut off", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "r");
    const session = new Session({ args: [rec, "-o", file, "sh", "-c", "echo shown; read x"] });
    await session.sees("shown");
    await until(() => readRecording(file).output.includes("shown"), "output in the file");
    session.kill("SIGKILL");
    await session.exited;
    expect((await playedByTlog(file)).toString()).toBe("shown\r\n");
  });

  test.for([
    ["text", "seq 3000; ls --color=always /usr; printf 'ä€😀'"],
    ["what is no text", "printf 'a\\377\\300\\200b\\355\\240\\200c\\000\\033[0m\\177'; head -c 3000 /bin/true"],
    ["the size of the terminal", "stty size; stty -a; tput cols"],
    ["nothing", "true"],
  ])("tlog-rec and rec record the same output of %s", async ([, script = ""], ctx) => {
    const folder = temporaryFolder();
    const outputs: Buffer[] = [];
    for (const recorder of [rec, tlogRec]) {
      const file = join(folder, recorder === rec ? "ours" : "tlogs");
      const session = new Session({ args: [recorder, "-o", file, "sh", "-c", script], columns: 90, rows: 33 });
      const { exit } = await session.exited;
      if (recorder === tlogRec) ctx.skip(exit !== 0, "tlog-rec cannot record for this user");
      expect(exit).toBe(0);
      if (readFileSync(file).length === 0) outputs.push(Buffer.alloc(0));
      else outputs.push(readRecording(file).output);
    }
    expect(outputs[0]?.toString("latin1")).toBe(outputs[1]?.toString("latin1"));
  });
});
