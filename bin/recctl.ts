/** recctl: wires the subcommands to the launcher's description and to standard output. */
import { writeSync } from "node:fs";
import { join } from "node:path";
import { administer } from "../src/administer/administer.ts";
import { subcommandNames } from "../src/administer/table.ts";
import { readableSiteFolder } from "../src/catalog/place.ts";
import { report } from "../src/cli.ts";
import { monotonicMs } from "../src/clock.ts";
import { OutputClosed, openPlainSink, type Sink } from "../src/play/sink.ts";
import { printable } from "../src/printable.ts";
import { noProgress, openProgress, type Progress } from "../src/progress.ts";
import { readLaunch } from "../src/session/launch.ts";
import { addonPath, native } from "../src/terminal/native.ts";

async function main(): Promise<number> {
  const launch = readLaunch();
  // The launcher leaves us no environment, and times are for this user.
  const zone = launch.env("TZ");
  if (zone !== undefined) process.env["TZ"] = zone;
  let sink: Sink | undefined;
  const context = {
    args: launch.args,
    environment: launch.env,
    columns: columnsOf(1),
    addon: addonPath,
    siteFolder: readableSiteFolder(launch.isInstalled),
    indexer: join(import.meta.dirname, "indexer.cjs"),
    tell: (sentence: string) => tell(`recctl: ${printable(sentence)}\n`),
    progress(what: string, total: number): Progress {
      const columns = columnsOf(2);
      return columns === null ? noProgress : openProgress({ what, total, columns, write: tell, now: monotonicMs });
    },
    async write(data: string | Uint8Array): Promise<void> {
      sink ??= openPlainSink(1);
      await sink.write(typeof data === "string" ? Buffer.from(data) : data);
    },
  };
  try {
    const status = await administer(context);
    await sink?.close();
    return status;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    return report("recctl", error, tell, launch.env("REC_DEBUG") !== undefined, commandOf(launch.args));
  }
}

/** With the subcommand that was meant: only its own help has its options. */
function commandOf(args: readonly string[]): string {
  const name = args.find((argument) => !argument.startsWith("-"));
  return name !== undefined && subcommandNames.includes(name) ? `recctl ${name}` : "recctl";
}

/** Null for what is no terminal; one that does not know its size has 80 columns. */
function columnsOf(fd: number): number | null {
  const size = new Int32Array(2);
  if (native.isTerminal(fd) !== 1) return null;
  return (native.windowSize(fd, size) >= 0 && size[0]) || 80;
}

function tell(text: string): void {
  writeSync(2, text);
}

main().then(
  (status) => native.exitNow(status),
  (error: unknown) => native.exitNow(report("recctl", error, tell)),
);
