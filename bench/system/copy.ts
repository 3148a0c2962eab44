/** scp of one large file, both ways, by turns; what the log has of it afterwards. */

import { median } from "../row.ts";
import type { Figure } from "./figure.ts";
import { bootMeasuredServer } from "./server.ts";

/** The host's speed varies by a tenth from one to the next. */
const rounds = 15;
const megabytes = 256;
const minRatio = 0.9;
const maxLogBytes = 4096;

export async function measureCopies(): Promise<Figure[]> {
  const server = await bootMeasuredServer();
  const { guest } = server;
  try {
    const users = [await server.unrecorded(), await server.account()];
    await guest.run(
      `head -c ${megabytes}000000 /dev/urandom > file; for u in ${users.map(({ name }) => name).join(" ")}; do cp file /home/$u/; done`,
    );
    const figures: Figure[] = [];
    for (const way of ["to", "from"]) {
      const samples: number[][] = [[], []];
      for (let round = 0; round <= rounds; round++) {
        for (const [i, { name }] of users.entries()) {
          const start = performance.now();
          await guest.run(way === "to" ? `scp -q file ${name}@localhost:there` : `scp -q ${name}@localhost:file back`);
          if (round > 0) samples[i]?.push((megabytes * 1000) / (performance.now() - start));
        }
      }
      const [unrecorded = 0, recorded = 0] = samples.map(median);
      const ratio = recorded / unrecorded;
      figures.push({
        what: `scp of ${megabytes} MB ${way} the server, median of ${rounds}`,
        unrecorded: `${unrecorded.toFixed(0)} MB/s`,
        recorded: `${recorded.toFixed(0)} MB/s (${ratio.toFixed(2)} x)`,
        goal: `>= ${minRatio} x`,
        isMet: ratio >= minRatio,
      });
    }
    const bytes = ((await users[1]?.messages()) ?? "").length / (2 * (rounds + 1));
    const log = {
      what: "log of one such scp",
      recorded: `${bytes.toFixed(0)} bytes`,
      goal: `<= ${maxLogBytes}`,
      isMet: bytes <= maxLogBytes,
    };
    return [...figures, log];
  } finally {
    await guest.stop();
  }
}
