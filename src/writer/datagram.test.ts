import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../test/harness/recorder.ts";
import { until } from "../../test/harness/session.ts";
import { monotonicMs } from "../clock.ts";
import { native } from "../terminal/native.ts";
import { Timers } from "../timers.ts";
import { openDatagram } from "./datagram.ts";

const daemon = join(import.meta.dirname, "../../test/programs/syslog.pl");

/** As where the user has as many processes as he may. */
const withoutThreads = { ...native, deliver: () => -constants.errno.EAGAIN };

test.each([
  ["waits in a thread", native],
  ["waits where no thread is to be had", withoutThreads],
])("a daemon that stands still gets all that was sent, in order, when it goes on: %s", async (_, addon) => {
  const path = join(temporaryFolder(), "socket");
  const receiver = spawn("perl", [daemon, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void receiver.kill("SIGKILL"));
  let printed = "";
  receiver.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until(() => existsSync(path), "the socket");
  const datagram = openDatagram(addon, path, new Timers(monotonicMs));
  onTestFinished(() => datagram.close());
  receiver.kill("SIGSTOP");
  let count = 0;
  let waiting = datagram.send(Buffer.from(`line ${count++}`), { mayBeSealed: false });
  while (waiting === undefined) waiting = datagram.send(Buffer.from(`line ${count++}`), { mayBeSealed: false });
  receiver.kill("SIGCONT");
  await waiting;
  receiver.kill("SIGTERM");
  await once(receiver, "close");
  const lines = printed.split("\n").filter((line) => line !== "");
  expect(lines).toEqual(Array.from({ length: count }, (_unused, i) => `line ${i}`));
});
