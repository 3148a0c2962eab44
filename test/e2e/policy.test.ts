/** Slow, stopped, full media, and limits: the terminal goes on until the bound, memory stays bounded, and nothing is lost in silence. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants as fileConstants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readRecording, rec, recordingFile, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

const { signals } = constants;
const small = "--buffer-bytes=65536";

/** A FIFO as the medium: nothing leaves it unless it is read. */
class Fifo {
  readonly path = join(temporaryFolder(), "fifo");
  readonly #fd: number;
  readonly #chunks: Buffer[] = [];
  #isClosed = false;

  constructor() {
    execFileSync("mkfifo", [this.path]);
    this.#fd = openSync(this.path, fileConstants.O_RDONLY | fileConstants.O_NONBLOCK);
    onTestFinished(() => this.close());
  }

  /** Reads what is there, at most so much. */
  read(atMost = 1 << 20): number {
    const buffer = Buffer.alloc(atMost);
    try {
      const count = readSync(this.#fd, buffer);
      this.#chunks.push(buffer.subarray(0, count));
      return count;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
      throw error;
    }
  }

  /** Reads on until the session ended. */
  async drain(session: Session): Promise<void> {
    await until(() => {
      while (this.read() > 0);
      return !session.isRunning;
    }, "the end of the session");
    while (this.read() > 0);
  }

  /** What was read, as a file to decode. */
  get file(): string {
    const file = recordingFile();
    writeFileSync(file, Buffer.concat(this.#chunks));
    return file;
  }

  close(): void {
    if (!this.#isClosed) closeSync(this.#fd);
    this.#isClosed = true;
  }
}

function numbers(count: number, end = "\n"): string {
  return Array.from({ length: count }, (_, i) => `${i + 1}${end}`).join("");
}

test("wait: a stopped medium holds the terminal at the bound, keys still work, and all comes when it goes on", async () => {
  const fifo = new Fifo();
  const session = new Session({
    args: [rec, small, "-o", fifo.path, "bash", "-c", "trap 'exit 5' INT; seq 100000; echo done"],
    isRaw: false,
  });
  await until(() => session.shown.length > 60_000, "output up to the bound");
  let last = -1;
  await until(async () => {
    const before = session.shown.length;
    const since = performance.now();
    await until(() => performance.now() - since > 300, "a moment");
    last = session.shown.length - before;
    return last === 0;
  }, "a terminal that stands");
  expect(session.shownText).not.toContain("100000\r\n");
  await session.idles();
  await fifo.drain(session);
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.shownText).toBe(`${numbers(100_000, "\r\n")}done\r\n`);
  const recorded = readRecording(fifo.file);
  expect(recorded.output.equals(session.shown)).toBe(true);
  expect([recorded.gaps, recorded.bad, recorded.lost]).toEqual([[], [], []]);
});

test("wait: a stopped medium does not hold a user who leaves, and the loss is told", async () => {
  const fifo = new Fifo();
  const session = new Session({ args: [rec, small, "-o", fifo.path, "sh", "-c", "seq 100000"] });
  await until(() => session.shown.length > 60_000, "output");
  session.kill("SIGHUP");
  expect((await session.exited).exit).toBe(1);
  expect(session.shownText).toMatch(/rec: cannot write \S+fifo: it takes no data\r?\n/);
});

test("drop: a stopped medium never holds the terminal, memory stays, and the recording tells how much is missing", async () => {
  const fifo = new Fifo();
  const bytes = 150_000_000;
  const script = `head -c ${bytes} /dev/zero | tr "\\\\0" x; read x; echo after; read x`;
  const session = new Session({
    args: [rec, small, "--buffer-policy=drop", "-o", fifo.path, "sh", "-c", `stty raw -echo; ${script}`],
    isRaw: true,
  });
  if (session.screen !== undefined) session.screen.isKept = false;
  await until(() => (session.screen?.bytes ?? 0) > 100_000, "output");
  const early = session.privateBytes;
  await until(() => (session.screen?.bytes ?? 0) >= bytes, "all of the output");
  expect(session.privateBytes - early).toBeLessThan(24 << 20);
  while (fifo.read() > 0);
  await until(() => {
    while (fifo.read() > 0);
    return session.state === "S";
  }, "an idle recorder");
  session.type("\n");
  await until(() => (session.screen?.bytes ?? 0) >= bytes + 6, "after");
  session.type("\n");
  await fifo.drain(session);
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  const recorded = readRecording(fifo.file);
  const lost = recorded.lost.reduce((sum, { outBytes }) => sum + outBytes, 0);
  expect(recorded.output.length + lost).toBe(session.screen?.bytes);
  expect(lost).toBeGreaterThan(bytes / 2);
  expect(recorded.output.toString("latin1", recorded.output.length - 6)).toMatch(/after/);
  expect([recorded.gaps, recorded.bad]).toEqual([[], []]);
  expect(recorded.end?.outBytes).toBe(session.screen?.bytes);
});

test("stop: at the bound the session ends, the reason is told, the status is 1", async () => {
  const fifo = new Fifo();
  const session = new Session({
    args: [rec, small, "--buffer-policy=stop", "-o", fifo.path, "sh", "-c", "yes"],
    isRaw: true,
  });
  await until(() => !session.isRunning || session.shownText.includes("rec: "), "the end");
  await fifo.drain(session);
  expect(await session.exited).toEqual({ exit: 1, signal: null });
  expect(session.shownText).toMatch(/rec: cannot go on recording: \d+ bytes wait for \S+fifo/);
});

test("stop: a program that does not listen to the hang-up cannot make the recorder grow", async () => {
  const fifo = new Fifo();
  const session = new Session({
    args: [rec, small, "--buffer-policy=stop", "-o", fifo.path, "sh", "-c", "trap '' HUP; yes"],
    isRaw: true,
  });
  if (session.screen !== undefined) session.screen.isKept = false;
  let most = 0;
  await until(() => {
    try {
      most = Math.max(most, session.privateBytes);
    } catch {
      // It has just ended.
    }
    return !session.isRunning;
  }, "the end");
  expect((await session.exited).exit).toBe(1);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(64 << 20);
});

test("the reader of a FIFO that leaves is a failed medium, told at the end", async () => {
  const fifo = new Fifo();
  const session = new Session({ args: [rec, small, "-o", fifo.path, "sh", "-c", "echo one; read x; echo two"] });
  await session.sees("one");
  fifo.close();
  session.type("\r");
  const { exit } = await session.exited;
  expect(session.shownText).toContain("two");
  expect(session.shownText).toMatch(/rec: cannot write \S+fifo: broken pipe/);
  expect(exit).toBe(1);
});

test("delay: what is over the limit comes later, but comes, while the session idles; keys are not delayed", async () => {
  const file = recordingFile();
  const limits = ["--limit-action=delay", "--limit-rate=8000", "--limit-burst=1000", "--payload=2000"];
  const start = performance.now();
  const session = new Session({
    args: [rec, ...limits, "-o", file, "sh", "-c", "stty -echo; seq 4000; echo ready; read x; echo '<'$x'>'; read y"],
  });
  await session.sees("ready");
  session.type("key\r");
  await session.sees("<key>");
  const { size } = statSync(file);
  expect(size).toBeLessThan(15_000 + 8 * (performance.now() - start));
  await until(() => readRecording(file).output.includes("<key>"), "all of it, though nothing more happens");
  expect(session.isRunning).toBe(true);
  session.type("\r");
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(readRecording(file).output.equals(session.shown)).toBe(true);
});

test("delay: a user who logs out does not wait for the limit", async () => {
  const file = recordingFile();
  const limits = ["--limit-action=delay", "--limit-rate=1000", "--limit-burst=1000", "--payload=2000"];
  const session = new Session({ args: [rec, ...limits, "-o", file, "seq", "20000"] });
  const start = performance.now();
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  // The limit alone would take more than two minutes.
  expect(performance.now() - start).toBeLessThan(60_000);
  expect(readRecording(file).output.equals(session.shown)).toBe(true);
});

test("drop: what is over the limit is left out, and the recording tells how much; window and end are there", async () => {
  const file = recordingFile();
  const limits = ["--limit-action=drop", "--limit-rate=1000", "--limit-burst=5000", "--payload=2000"];
  const session = new Session({ args: [rec, ...limits, "-o", file, "seq", "20000"] });
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.shownText).toBe(numbers(20_000, "\r\n"));
  const recorded = readRecording(file);
  const lost = recorded.lost.reduce((sum, { outBytes }) => sum + outBytes, 0);
  expect(lost).toBeGreaterThan(50_000);
  expect(recorded.output.length + lost).toBe(session.shown.length);
  expect(recorded.gaps).toEqual([]);
  expect(recorded.end).toMatchObject({ exit: 0, outBytes: session.shown.length });
});

/** A file system of so many bytes, of this test's own; undefined where that cannot be had. */
function smallDisk(bytes: number): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
  });
  return folder;
}

test("a disk that fills: the session goes on, and the failure is told at the end with status 1", async (ctx) => {
  const disk = smallDisk(200_000) ?? ctx.skip("needs root, to mount a small disk");
  const file = join(disk, "r");
  const session = new Session({ args: [rec, "-o", file, "sh", "-c", "seq 100000; exit 0"] });
  const { exit } = await session.exited;
  expect(session.shownText).toContain("100000\r\n");
  expect(session.shownText).toMatch(/rec: cannot write \S+: no space left on device\r?\n/);
  expect(exit).toBe(1);
  const recorded = readRecording(file);
  expect(recorded.output.length).toBeGreaterThan(100_000);
  expect(session.shown.subarray(0, recorded.output.length).equals(recorded.output)).toBe(true);
  expect(recorded.unended).toBeDefined();
});

test("space is freed: the recording goes on exactly where it stopped, with no damaged line", async (ctx) => {
  const disk = smallDisk(300_000) ?? ctx.skip("needs root, to mount a small disk");
  const [file, ballast] = [join(disk, "r"), join(disk, "ballast")];
  writeFileSync(ballast, Buffer.alloc(150_000));
  const session = new Session({
    args: [rec, "--payload=5000", "-o", file, "sh", "-c", "seq 30000; echo ready; read x; echo end"],
  });
  await session.sees("ready");
  let size = 0;
  await until(() => {
    const before = size;
    size = statSync(file).size;
    return size === before && size > 100_000;
  }, "a full disk");
  expect(readRecording(file).output.length).toBeLessThan(session.shown.length);
  unlinkSync(ballast);
  await until(() => readRecording(file).output.includes("ready"), "the rest, while the session idles");
  session.type("\r");
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  const recorded = readRecording(file);
  expect([recorded.bad, recorded.gaps, recorded.lost]).toEqual([[], [], []]);
  expect(recorded.output.equals(session.shown)).toBe(true);
});

test("two media: one that stands still does not keep the other from being written", async () => {
  const fifo = new Fifo();
  const folder = temporaryFolder();
  const session = new Session({
    args: [
      rec,
      "-w",
      "file,folder",
      "--folder-path",
      folder,
      "-o",
      fifo.path,
      "sh",
      "-c",
      "echo shown; seq 20000; echo ready; read x",
    ],
  });
  await session.sees("ready");
  const [name = ""] = readdirSync(folder);
  await until(() => readFileSync(join(folder, name)).includes("ready"), "output in the other");
  session.kill("SIGHUP");
  await fifo.drain(session);
  await session.exited;
  expect(signals.SIGHUP).toBe(1);
});
