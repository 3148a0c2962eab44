/** The timeline: how soon a large recording is on the screen, how fast it is known, how soon any of its moments is shown. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { readerFlags } from "../scripts/native.ts";
import { Encoder } from "../src/format/encoder.ts";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { quantile, type Row, rowOf, worst } from "./row.ts";
import type { TimelineFigures } from "./timeline-run.ts";

const seeks = 200;

export async function measureTimeline(bench: Bench): Promise<Row[]> {
  const bytes = Math.min(100 * megabyte, 2 * bench.sizes.textBytes);
  const recording = join(bench.folder, "timeline.jsonl");
  record(bench, recording, bytes);
  const program = await bundle(bench);
  const env = { XDG_CACHE_HOME: join(bench.folder, "cache") };
  const [first, speeds, seeking, peaks]: Samples[] = [{}, {}, {}, {}];
  await bench.interleave(["rec"], (name) => {
    const run = [...readerFlags, program, recording, String(seeks)];
    const figures = JSON.parse(execFileSync(join(root, "build/node"), run, { env }).toString()) as TimelineFigures;
    // Each run reads the recording anew, and keeps what it knows then.
    rmSync(`${recording}.idx`);
    add(first ?? {}, name, figures.firstScreenMs);
    add(speeds ?? {}, name, bytes / megabyte / (figures.indexMs / 1000));
    add(seeking ?? {}, name, quantile(figures.seeksMs, 0.95));
    add(peaks ?? {}, name, figures.peakMegabytes);
  });
  const of = `of ${bytes / megabyte} MB`;
  return [
    rowOf({ what: `first screen ${of}`, unit: "ms", samples: first ?? {} }, [{ bound: "<=", limit: 300 }]),
    rowOf({ what: `timeline ${of}`, unit: "MB/s", samples: speeds ?? {} }, [{ bound: ">=", limit: 20 }]),
    rowOf({ what: `seek in it, p95 of ${seeks}`, unit: "ms", samples: seeking ?? {} }, [{ bound: "<=", limit: 100 }]),
    rowOf({ what: "memory of its process", unit: "MB", samples: peaks ?? {} }, [{ bound: "<=", limit: 200 }], worst),
  ];
}

/** As rec-play is: node's own compiler for TypeScript would take 20 MB. */
async function bundle({ folder }: Bench): Promise<string> {
  const outfile = join(folder, "timeline-run.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "timeline-run.ts")],
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    logLevel: "warning",
    banner: { js: "const require = process.getBuiltinModule;" },
    outfile,
  });
  return outfile;
}

/** The bench's text, in colours every other megabyte, 800 bytes at a time. */
function record(bench: Bench, path: string, bytes: number): void {
  const text = readFileSync(bench.text);
  const fd = openSync(path, "w", 0o600);
  const identity = { host: "h", rec: "bench", user: "u", term: "xterm", session: 1 };
  const encoder = new Encoder(identity, { payloadBytes: 32 * 1024, startedMs: 0, originMs: 0 }, ({ line }) => {
    writeSync(fd, line);
    return true;
  });
  encoder.window(80, 24, 0);
  let left = bytes;
  for (let atMs = 0; left > 0; atMs += 50) {
    const from = (bytes - left) % (text.length - 800);
    const lines = text.toString("latin1", from, from + 800);
    const isColoured = Math.floor((bytes - left) / megabyte) % 2 === 1;
    const shown = Buffer.from(
      isColoured ? lines.replaceAll("\n", "\u001b[m\r\n\u001b[1;32m") : lines.replaceAll("\n", "\r\n"),
    );
    encoder.output(shown, atMs);
    left -= shown.length;
  }
  encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: bytes, durationMs: 0 }, bytes);
  closeSync(fd);
}
