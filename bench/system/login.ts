/** From ssh's start to the prompt of the shell, at a terminal, by turns. */

import { median } from "../row.ts";
import type { Figure } from "./figure.ts";
import { bootMeasuredServer } from "./server.ts";

const rounds = 21;
const maxMoreMs = 100;

/** Milliseconds until the prompt; the log-out is not counted. */
const script = (name: string): string => `
  log_user 0
  set start [clock milliseconds]
  spawn ssh ${name}@localhost
  expect -re {\\$ $}
  puts [expr [clock milliseconds] - $start]
  send "exit\\r"
  expect eof`;

export async function measureLogins(): Promise<Figure[]> {
  const server = await bootMeasuredServer();
  try {
    const users = [await server.unrecorded(), await server.account()];
    const samples: number[][] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      for (const [i, { name }] of users.entries()) {
        const ms = Number(await server.guest.text(["expect", "-c", script(name)]));
        // The first of each fills caches.
        if (round > 0) samples[i]?.push(ms);
      }
    }
    const [unrecorded = 0, recorded = 0] = samples.map(median);
    const moreMs = recorded - unrecorded;
    return [
      {
        what: `ssh login to prompt, median of ${rounds}`,
        unrecorded: `${unrecorded} ms`,
        recorded: `${recorded} ms (+${moreMs})`,
        goal: `<= +${maxMoreMs} ms`,
        isMet: moreMs <= maxMoreMs,
      },
    ];
  } finally {
    await server.guest.stop();
  }
}
