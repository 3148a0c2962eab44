/** recctl: wires the subcommands to the launcher's description and to standard output. */
import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { administer } from "../src/administer/administer.ts";
import { report } from "../src/cli.ts";
import { OutputClosed, openSink, type Sink } from "../src/play/sink.ts";
import { printable } from "../src/printable.ts";
import { readLaunch } from "../src/session/launch.ts";
import { native } from "../src/terminal/native.ts";

async function main(): Promise<number> {
  const launch = readLaunch();
  // The launcher leaves us no environment, and times are for this user.
  const zone = launch.env("TZ");
  if (zone !== undefined) process.env["TZ"] = zone;
  let sink: Sink | undefined;
  const context = {
    environment: launch.env,
    isOnTerminal: isatty(1),
    tell: (sentence: string) => void writeSync(2, `recctl: ${printable(sentence)}\n`),
    async write(data: string | Uint8Array): Promise<void> {
      sink ??= openSink(1, () => {});
      await sink.write(typeof data === "string" ? Buffer.from(data) : data);
    },
  };
  try {
    const status = await administer(context, launch.args);
    await sink?.close();
    return status;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    return report("recctl", error, (text) => writeSync(2, text), launch.env("REC_DEBUG") !== undefined);
  }
}

main().then(
  (status) => native.exitNow(status),
  (error: unknown) => native.exitNow(report("recctl", error, (text) => writeSync(2, text))),
);
