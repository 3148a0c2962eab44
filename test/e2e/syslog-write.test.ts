/** Recording into a real rsyslogd by /dev/log, which is in a /dev of the test's own: the host's is everybody's. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import { installationMissing } from "../harness/installation.ts";
import { ownDev } from "../harness/own-dev.ts";
import { type Outcome, readRecording, rec, recordingFile, run, temporaryFolder } from "../harness/recorder.ts";
import { until } from "../harness/session.ts";

const daemon = "/usr/sbin/rsyslogd";

beforeEach((context) => {
  if (installationMissing !== undefined) context.skip(installationMissing);
  if (!existsSync(daemon)) context.skip("rsyslogd is not installed");
});

interface Host {
  readonly folder: string;
  /** Runs the recorder where the host's /dev is. */
  readonly record: (args: readonly string[], options?: Parameters<typeof run>[1]) => Promise<Outcome>;
}

/** A mount namespace with a /dev of its own; the command runs in it until the test is over. */
async function host(folder: string, command: string, hasBegun: (dev: string) => boolean): Promise<Host> {
  const child = spawn("unshare", ["-m", "sh", "-c", `${ownDev(folder)}; exec ${command}`], { stdio: "ignore" });
  onTestFinished(async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  });
  await until(() => hasBegun(`/proc/${child.pid}/root/dev`), command);
  const enter = ["nsenter", "-m", "-t", `${child.pid}`, "--", rec];
  return { folder, record: (args, options) => run([...enter, ...args], { ...options, path: "/usr/bin/nsenter" }) };
}

async function hostWithoutDaemon(): Promise<Host> {
  const folder = temporaryFolder();
  return await host(folder, `sh -c 'touch /dev/begun; exec sleep 600'`, (dev) => existsSync(join(dev, "begun")));
}

/** With rsyslogd, which keeps 8 KiB of a line as it does by default, and the file it writes. */
async function hostWithDaemon(): Promise<Host & { readonly file: string }> {
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
  const command = `${daemon} -n -i ${folder}/pid -f ${configuration}`;
  return { ...(await host(folder, command, (dev) => existsSync(join(dev, "log")))), file };
}

function linesOf(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => / rec\[\d+\]: \{/.test(line))
    : [];
}

test("what is shown comes back from the lines of a syslog file, none of them cut by the daemon", async () => {
  const { file, record } = await hostWithDaemon();
  const shown = Buffer.concat([Buffer.from("text ".repeat(20_000)), Buffer.from([0xff, 0, 1, 0x80, 0xe2, 0x82])]);
  const { exit } = await record(["-w", "syslog", "--syslog-facility", "local3", "cat"], { input: shown });
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
  const { file, record } = await hostWithDaemon();
  const { exit } = await record(["-w", "syslog", "true", "\u0001".repeat(100_000)]);
  expect(exit).toBe(0);
  await until(() => linesOf(file).some((line) => line.includes('"end":')), "the last line");
  const [first = ""] = linesOf(file);
  expect(JSON.parse(first.slice(first.indexOf("{"))).start).toMatchObject({ cut: true });
});

test("a name of the terminal of any length and kind leaves room for what is shown", async () => {
  const { file, record } = await hostWithDaemon();
  const shown = Buffer.from("text ".repeat(20_000));
  const TERM = '\u0001"x'.repeat(10_000);
  const { exit } = await record(["-w", "syslog", "--syslog-line", "1024", "cat"], {
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
  const { folder: HOME, record } = await hostWithoutDaemon();
  const writers = ["-w", "syslog,file", "-o", "/dev/null/x", "--fallback-writer", "folder"];
  const { exit, stdout, stderr } = await record([...writers, "echo", "hi"], { environment: { HOME } });
  expect([exit, stdout.toString()]).toEqual([0, "hi\n"]);
  expect(stderr).toContain("cannot open /dev/log");
  expect(stderr).toContain("cannot open /dev/null/x");
  const folder = join(HOME, ".local/share/rec-session");
  const files = readdirSync(folder);
  expect(files.length).toBe(1);
  expect(readRecording(join(folder, files[0] ?? "")).output.toString()).toBe("hi\n");
});

test("no daemon is an error, not silence", async () => {
  const { record } = await hostWithoutDaemon();
  const { exit, stderr } = await record(["-w", "syslog", "true"]);
  expect(exit).toBe(1);
  expect(stderr).toMatch(/^rec: cannot open \/dev\/log: no such file or directory\n/);
});

test("or another writer's affair, where that one is required", async () => {
  const { record } = await hostWithoutDaemon();
  const file = recordingFile();
  const { exit, stderr } = await record(["-w", "syslog,file", "--required", "file", "-o", file, "echo", "hi"]);
  expect(exit).toBe(0);
  expect(stderr).toContain("cannot open /dev/log");
  expect(readRecording(file).output.toString()).toBe("hi\n");
});
