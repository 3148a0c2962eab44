/** Transfers of one large file by ssh, recorded and not, by turns; what the log has of them afterwards. */

import type { Server } from "../../test/system/server.ts";
import { median } from "../row.ts";
import type { Figure } from "./figure.ts";
import { bootMeasuredServer } from "./server.ts";

const minRatio = 0.9;
const maxLogBytes = 4096;

interface Way {
  readonly what: string;
  /** Of the file. */
  readonly megabytes: number;
  /** The host's speed varies by a tenth from one to the next. */
  readonly rounds: number;
  readonly command: (account: string) => string;
}

const scp: readonly Way[] = [
  { what: "scp to the server", megabytes: 256, rounds: 15, command: (account) => `scp -q file ${account}:there` },
  { what: "scp from the server", megabytes: 256, rounds: 15, command: (account) => `scp -q ${account}:file back` },
];
/** Whole files: what rsync saves by differences is not the recorder's. */
const others: readonly Way[] = [
  { what: "rsync to the server", megabytes: 256, rounds: 9, command: (account) => `rsync -WI file ${account}:there` },
  { what: "rsync from the server", megabytes: 256, rounds: 9, command: (account) => `rsync -WI ${account}:file back` },
  {
    what: "git clone from the server",
    megabytes: 64,
    rounds: 5,
    command: (account) => `rm -rf clone; git clone -q ${account}:repo clone`,
  },
];

const repository =
  "cd; git init -q repo; cd repo; head -c 64000000 /dev/urandom > file; git add file; git -c user.name=a -c user.email=b commit -qm file";

export async function measureCopies(): Promise<Figure[]> {
  const server = await bootMeasuredServer();
  const { guest } = server;
  try {
    const [unrecorded, recorded] = [await server.unrecorded(), await server.account()];
    const names = [unrecorded.name, recorded.name];
    await guest.run("head -c 256000000 /dev/urandom > file");
    for (const name of names) {
      await guest.run(`cp file /home/${name}; runuser -u ${name} -- sh -c '${repository}'`);
    }
    const figures: Figure[] = [];
    for (const way of scp) figures.push(await compare(server, way, names));
    const copies = scp.reduce((sum, { rounds }) => sum + rounds + 1, 0);
    const bytes = (await recorded.messages()).length / copies;
    figures.push({
      what: "log of one such scp",
      recorded: `${bytes.toFixed(0)} bytes`,
      goal: `<= ${maxLogBytes}`,
      isMet: bytes <= maxLogBytes,
    });
    for (const way of others) figures.push(await compare(server, way, names));
    return figures;
  } finally {
    await guest.stop();
  }
}

/** `names`: who is not recorded, and who is. */
async function compare({ guest }: Server, way: Way, names: readonly string[]): Promise<Figure> {
  const samples: number[][] = names.map(() => []);
  for (let round = 0; round <= way.rounds; round++) {
    for (const [i, name] of names.entries()) {
      const start = performance.now();
      await guest.run(way.command(`${name}@localhost`));
      if (round > 0) samples[i]?.push((way.megabytes * 1000) / (performance.now() - start));
    }
  }
  const [unrecorded = 0, recorded = 0] = samples.map(median);
  const ratio = recorded / unrecorded;
  return {
    what: `${way.what}, ${way.megabytes} MB, median of ${way.rounds}`,
    unrecorded: `${unrecorded.toFixed(0)} MB/s`,
    recorded: `${recorded.toFixed(0)} MB/s (${ratio.toFixed(2)} x)`,
    goal: `>= ${minRatio} x`,
    isMet: ratio >= minRatio,
  };
}
