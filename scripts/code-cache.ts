/** V8's code caches of the bundles that bin/start.ts runs: each is made by running commands, and keeps what was compiled for them. */
import { execFileSync } from "node:child_process";
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRecordingName } from "../src/catalog/name.ts";
import { Encoder } from "../src/format/encoder.ts";
import { readerFlags, recorderFlags } from "./native.ts";

/** Any user but root, whose index is the site's. */
const nobody = 65_534;
/** The caches are the same with every build: chance is seeded, and sparkplug is off. */
const sameEachTime = ["--random-seed=1", "--no-sparkplug"];

/** A call of a command: the words of its line, from its name on, and NAME=VALUE. */
export interface Run {
  readonly args: readonly string[];
  readonly environment?: readonly string[];
}

/** Of all its functions, whatever a session is to need: compiling those that a short one left out took 2 ms at a terminal, and 2 to 3 of a transfer. */
export function cacheRecorder(out: string): void {
  start(out, [...recorderFlags, ...sameEachTime, "--no-lazy"], "rec", [{ args: ["rec", "--version"] }], true);
}

/** By a search in an index and a list. What makes an index is not in it: that takes longer than its loading, which every command would wait for. */
export function cacheRecctl(out: string): void {
  const folder = mkdtempSync(join(tmpdir(), "rec-session-cache-"));
  try {
    const recordings = join(folder, "recordings");
    const cache = join(folder, "rec-session");
    for (const path of [recordings, cache]) mkdirSync(path, { mode: 0o700 });
    for (let number = 0; number < 2; number++) writeSample(recordings, number);
    const environment = [`XDG_CACHE_HOME=${folder}`];
    const search = ["recctl", "search", "--folder", recordings, "seldom"];
    const flags = [...readerFlags];
    if (process.geteuid?.() === 0) {
      chownSync(cache, nobody, nobody);
      flags.push(`--import=data:text/javascript,process.geteuid=()=>${nobody}`);
    }
    start(out, flags, "recctl", [{ args: search, environment }]);
    const list = ["recctl", "list", "--folder", recordings];
    start(
      out,
      [...flags, ...sameEachTime],
      "recctl",
      [search, list].map((args) => ({ args, environment })),
      true,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** By playing a recording without a terminal. */
export function cacheRecPlay(out: string): void {
  const folder = mkdtempSync(join(tmpdir(), "rec-session-cache-"));
  try {
    writeSample(folder, 0);
    start(out, [...readerFlags, ...sameEachTime], "rec-play", [{ args: ["rec-play", folder] }], true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A recording of a hundred lines. */
function writeSample(folder: string, number: number): void {
  const [user, rec, startedMs] = ["alice", `b74aff806489400b9d121ed6589afff9-1-${number}`, number * 60_000];
  const lines: Buffer[] = [];
  const identity = { host: "sample", rec, user, term: "xterm", session: 1 };
  const encoder = new Encoder(identity, { payloadBytes: 4096, startedMs, originMs: 0 }, ({ line }) => {
    lines.push(Buffer.from(line));
    return true;
  });
  encoder.start({ command: ["/bin/sh"], cwd: "/", tty: "/dev/pts/0", peer: null }, 0);
  const shown = Buffer.from("A word that is seldom shown.\r\n".repeat(100));
  encoder.output(shown, 1);
  encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: shown.length, durationMs: 2 }, 2);
  writeFileSync(join(folder, formatRecordingName({ startedMs, user, rec })), Buffer.concat(lines));
}

/** Runs the commands one after the other in one process, as the launcher would. */
function start(out: string, flags: readonly string[], name: string, runs: readonly Run[], makesCache = false): void {
  const descriptions = runs.map((run) => describe(join(out, "launch"), run));
  const [first, ...others] = descriptions.map((_, at) => `${3 + at}`) as [string, ...string[]];
  const mode = makesCache ? ["make-cache", ...others] : [];
  execFileSync(join(out, "node"), [...flags, join(out, "start.cjs"), first, name, ...mode], {
    stdio: ["ignore", "ignore", "inherit", ...descriptions],
    env: {},
  });
  for (const description of descriptions) closeSync(description);
}

/** The launcher's description of a run, in a file that was at `path` and has no name any more. */
export function describe(path: string, { args, environment = [] }: Run): number {
  const strings = ["", ...args, ...environment].map((text) => `${text}\0`);
  writeFileSync(path, `${args.length}\n0\n0\n0\n\n\n0\n${strings.join("")}`);
  const description = openSync(path, "r");
  rmSync(path);
  return description;
}
