/** recctl export: what the real programs play of it, what comes back when it is imported, and what is refused. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ImportFormat } from "../../src/import/importer.ts";
import { fileSource } from "../../src/import/open.ts";
import { goldenImports, goldenSource, type ImportedLines, importLines } from "../harness/imported.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { endOf, has, message, run, start } from "./play-program.ts";

const recctl = join(root, "bin/recctl");
const golden = join(root, "test/golden");

/** Recordings of ours with broken UTF-8, input, resizes, many messages. */
const ours = ["broken-utf8", "hello", "input-and-resize", "payload-64", "start-and-end", "order-and-fractions"];

function exported(recording: string, format: string, ...more: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(recctl, ["export", "--format", format, recording, ...more], {
    env: { HOME: "/nonexistent" },
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr: stderr.toString() };
}

function file(bytes: Uint8Array, name = "x"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

async function rawOf(recording: string): Promise<Buffer> {
  return (await run(["--format", "raw", recording])).stdout;
}

/** Output and input with their times; neighbours of one time are one. */
function packetsOf({ items }: ImportedLines): string[] {
  const found: { kind: string; atMs: number; latin1: string }[] = [];
  for (const item of items) {
    if (item.kind !== "output" && item.kind !== "input") continue;
    const last = found.at(-1);
    const latin1 = Buffer.from(item.bytes).toString("latin1");
    if (last?.kind === item.kind && last.atMs === item.atMs) last.latin1 += latin1;
    else found.push({ kind: item.kind, atMs: item.atMs, latin1 });
  }
  return found.map(({ kind, atMs, latin1 }) => `${atMs} ${kind} ${latin1}`);
}

function player(command: string): [missing: boolean, title: string] {
  return has(command) ? [false, command] : [true, `${command} (skipped: it is not installed)`];
}

describe.each(ours)("the recording %s", (name) => {
  const recording = join(golden, name, "recording.jsonl");

  const [noAsciinema, asciinema] = player("asciinema");
  test.skipIf(noAsciinema)(`is shown by ${asciinema}`, async () => {
    const path = file(exported(recording, "asciicast-v2").stdout);
    // It wants a terminal, which must not translate what it shows.
    const command = `stty raw -echo -opost; exec asciinema cat ${path}`;
    const env = { ...process.env, LANG: "C.UTF-8", HOME: temporaryFolder() };
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { env });
    expect(stdout.toString()).toBe((await rawOf(recording)).toString());
  });

  const [noTtyplay, ttyplay] = player("ttyplay");
  test.skipIf(noTtyplay)(`is shown by ${ttyplay}, byte by byte`, async () => {
    const path = file(exported(recording, "ttyrec").stdout);
    const { stdout } = spawnSync("ttyplay", ["-n", path], { input: "" });
    expect(stdout.toString("latin1")).toBe((await rawOf(recording)).toString("latin1"));
  });

  const [noScript, scriptreplay] = player("scriptreplay");
  test.skipIf(noScript)(`is shown by ${scriptreplay}, byte by byte`, async () => {
    const path = join(temporaryFolder(), "typescript");
    exported(recording, "script", "-o", path);
    const replay = (...words: readonly string[]): string => {
      const args = ["--maxdelay", "0", "-T", `${path}.timing`, ...words];
      return spawnSync("scriptreplay", args).stdout.toString("latin1");
    };
    // It ends with a line feed of its own.
    expect(replay("-O", path)).toBe(`${(await rawOf(recording)).toString("latin1")}\n`);
    if (!existsSync(`${path}.input`)) return;
    const typed = (await run(["--format", "raw-in", recording])).stdout.toString("latin1");
    expect(replay("--stream", "in", "-I", `${path}.input`)).toBe(`${typed}\n`);
  });

  test("is as tlog its own lines", () => {
    expect(exported(recording, "tlog").stdout.toString()).toBe(readFileSync(recording, "utf8"));
  });
});

/** The formats that hold all that a recording of that format has. */
const trips: [name: string, format: ImportFormat, via: "asciicast-v2" | "asciicast-v3" | "ttyrec" | "script"][] =
  goldenImports
    .flatMap(([name, format]) => [
      ...(format.startsWith("asciicast")
        ? ([
            [name, format, "asciicast-v2"],
            [name, format, "asciicast-v3"],
          ] as const)
        : []),
      ...(format === "ttyrec" ? ([[name, format, "ttyrec"]] as const) : []),
      [name, format, "script"] as const,
    ])
    .map((trip) => [...trip]);

describe("imported, exported and imported again it is the same, to the byte and the millisecond", () => {
  test.each(trips)("%s (%s) by %s", async (name, format, via) => {
    const first = await importLines(goldenSource(name, format), format);
    const recording = file(Buffer.from(first.lines.join("")));
    const path = join(temporaryFolder(), "again");
    expect(exported(recording, via, "-o", path).status).toBe(0);
    const parts = {
      "": path,
      timing: via === "script" ? `${path}.timing` : undefined,
      input: existsSync(`${path}.input`) ? `${path}.input` : undefined,
    };
    const again = await importLines(
      fileSource(parts),
      via.startsWith("asciicast") ? "asciicast" : (via as ImportFormat),
    );
    const [packets, packetsAgain] = [packetsOf(first), packetsOf(again)];
    if (via !== "ttyrec") expect(packetsAgain).toEqual(packets);
    // ttyrec begins with its first frame.
    else
      expect(packetsAgain.map((packet) => packet.replace(/^\d+ /, ""))).toEqual(
        packets.map((packet) => packet.replace(/^\d+ /, "")),
      );
  });
});

test("what is not whole is exported, and told, and a marker", () => {
  const recording = file(
    Buffer.from(
      message({ id: 1, timing: ">1", out: "a", start }) +
        message({ id: 3, pos: 5, timing: ">1", out: "b", end: endOf(3) }),
    ),
  );
  const { status, stdout, stderr } = exported(recording, "asciicast-v2");
  expect([status, stderr]).toEqual([3, expect.stringContaining("message 2 is missing")]);
  expect(stdout.toString()).toContain('"m","missing: messages 2 to 2"');
});

test("a file that is there is replaced only with --force, and nothing half is left", () => {
  const recording = join(golden, "hello/recording.jsonl");
  const folder = temporaryFolder();
  const path = join(folder, "x.cast");
  expect(exported(recording, "asciicast-v3", "-o", path).status).toBe(0);
  const before = readFileSync(path);
  expect(exported(recording, "ttyrec", "-o", path)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("it is there already"),
  });
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(exported(recording, "ttyrec", "-o", path, "--force").status).toBe(0);
  expect(readFileSync(path).equals(before)).toBe(false);
  expect(exported("/etc/passwd", "text", "-o", join(folder, "none")).status).toBe(1);
  expect(readdirSync(folder)).toEqual(["x.cast"]);
});

test.each([
  [["--format", "script"], "script has several files"],
  [[], "--format is missing: expected asciicast-v2"],
  [["--format", "gif"], "gif"],
])("%j is refused", (args, sentence) => {
  const { status, stdout, stderr } = spawnSync(recctl, ["export", ...args, join(golden, "hello/recording.jsonl")], {
    env: {},
  });
  expect([status, stdout.length]).toEqual([2, 0]);
  expect(stderr.toString()).toContain(sentence);
});

test("a terminal gets no bytes that it would obey", () => {
  const recording = join(golden, "broken-utf8/recording.jsonl");
  const shown = (format: string) =>
    spawnSync("script", ["-qec", `'${recctl}' export --format ${format} '${recording}'`, "/dev/null"], {
      env: { PATH: process.env["PATH"] },
    });
  for (const format of ["raw", "ttyrec", "tlog", "html"]) {
    const { status, stdout } = shown(format);
    expect([status, stdout.toString()]).toEqual([2, expect.stringContaining(`a terminal cannot show ${format}`)]);
  }
  expect(shown("asciicast-v2").stdout.toString("latin1")).not.toMatch(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]/);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends an export, and leaves no draft", async (signal) => {
  const folder = temporaryFolder();
  const args = ["export", "--format", "raw", "-o", join(folder, "out"), "-"];
  const child = spawn(recctl, args, { env: { HOME: "/nonexistent" }, stdio: ["pipe", "ignore", "inherit"] });
  const exit = once(child, "exit");
  // More than one piece: the draft is there when that is written.
  const text = "x".repeat(500_000);
  child.stdin.write(message({ id: 1, timing: `>${text.length}`, out: text, start }));
  while (!readdirSync(folder).some((name) => name.endsWith(".new"))) await new Promise(setImmediate);
  child.kill(signal);
  expect(await exit).toEqual([null, signal]);
  child.stdin.destroy();
  expect(readdirSync(folder)).toEqual([]);
});
