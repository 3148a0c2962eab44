/** Recording into a real rsyslogd by /dev/log. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import { readRecording, rec, recordingFile, run, temporaryFolder } from "../harness/recorder.ts";
import { until } from "../harness/session.ts";

const daemon = "/usr/sbin/rsyslogd";

beforeEach((context) => {
  if (process.getuid?.() !== 0) context.skip("only root can listen at /dev/log");
  if (!existsSync(daemon)) context.skip("rsyslogd is not installed");
  if (existsSync("/dev/log")) context.skip("a syslog daemon of the system has /dev/log");
});

/** Starts rsyslogd, which keeps 8 KiB of a line as it does by default; the file it writes. */
async function rsyslogd(): Promise<string> {
  const folder = temporaryFolder();
  const file = join(folder, "out.log");
  const configuration = join(folder, "rsyslog.conf");
  writeFileSync(
    configuration,
    `global(workDirectory="${folder}")
module(load="imuxsock" SysSock.RateLimit.Interval="0")
*.* action(type="omfile" file="${file}")
`,
  );
  const child = spawn(daemon, ["-n", "-i", join(folder, "pid"), "-f", configuration], { stdio: "ignore" });
  onTestFinished(async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  });
  await until(() => existsSync("/dev/log"), "/dev/log of rsyslogd");
  return file;
}

function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => / rec\[\d+\]: \{/.test(line))
    : [];
}

test("what is shown comes back from the lines of a syslog file, none of them cut by the daemon", async () => {
  const file = await rsyslogd();
  const shown = Buffer.concat([Buffer.from("text ".repeat(20_000)), Buffer.from([0xff, 0, 1, 0x80, 0xe2, 0x82])]);
  const { exit } = await run([rec, "-w", "syslog", "--syslog-facility", "local3", "cat"], { input: shown });
  expect(exit).toBe(0);
  await until(() => linesOf(file).some((line) => line.includes('"end":')), "the last line");
  const decoder = new Decoder({});
  const items = linesOf(file).flatMap((line) => [
    ...decoder.decode({ text: line.slice(line.indexOf("{")), place: "", isWhole: true }),
  ]);
  items.push(...decoder.finish());
  const output = Buffer.concat(items.flatMap((item) => (item.kind === "output" ? [item.bytes] : [])));
  expect(output.equals(shown)).toBe(true);
  expect([...new Set(items.map((item) => item.kind))]).toEqual(["head", "output", "end"]);
});

test("a command line of any length fits, cut short", async () => {
  const file = await rsyslogd();
  const { exit } = await run([rec, "-w", "syslog", "true", "\u0001".repeat(100_000)]);
  expect(exit).toBe(0);
  await until(() => linesOf(file).some((line) => line.includes('"end":')), "the last line");
  const [first = ""] = linesOf(file);
  expect(JSON.parse(first.slice(first.indexOf("{"))).start).toMatchObject({ cut: true });
});

test("a name of the terminal of any length and kind leaves room for what is shown", async () => {
  const file = await rsyslogd();
  const shown = Buffer.from("text ".repeat(20_000));
  const TERM = '\u0001"x'.repeat(10_000);
  const { exit } = await run([rec, "-w", "syslog", "--syslog-line", "1024", "cat"], {
    input: shown,
    environment: { TERM },
  });
  expect(exit).toBe(0);
  await until(() => linesOf(file).some((line) => line.includes('"end":')), "the last line");
  const messages = linesOf(file).map((line) => JSON.parse(line.slice(line.indexOf("{"))));
  expect(messages.map(({ out_txt: text }) => text).join("")).toBe(shown.toString());
  expect(messages[0].term).toMatch(/^\?"x\?"x[?"x]{58}$/);
});

test("two writers that cannot be opened have one fallback", async () => {
  const HOME = temporaryFolder();
  const writers = ["-w", "syslog,file", "-o", "/dev/null/x", "--fallback-writer", "folder"];
  const { exit, stdout, stderr } = await run([rec, ...writers, "echo", "hi"], { environment: { HOME } });
  expect([exit, stdout.toString()]).toEqual([0, "hi\n"]);
  expect(stderr).toContain("cannot open /dev/log");
  expect(stderr).toContain("cannot open /dev/null/x");
  const folder = join(HOME, ".local/share/rec-session");
  const files = readdirSync(folder);
  expect(files.length).toBe(1);
  expect(readRecording(join(folder, files[0] ?? "")).output.toString()).toBe("hi\n");
});

test("no daemon is an error, not silence", async () => {
  const { exit, stderr } = await run([rec, "-w", "syslog", "true"]);
  expect(exit).toBe(1);
  expect(stderr).toMatch(/^rec: cannot open \/dev\/log: no such file or directory\n/);
});

test("or another writer's affair, where that one is required", async () => {
  const file = recordingFile();
  const { exit, stderr } = await run([rec, "-w", "syslog,file", "--required", "file", "-o", file, "echo", "hi"]);
  expect(exit).toBe(0);
  expect(stderr).toContain("cannot open /dev/log");
  expect(readRecording(file).output.toString()).toBe("hi\n");
});
