/** The stream of a transfer, by which most of its bytes pass unrecorded: exact whatever is at its ends, and nobody else's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Installation, installationMissing } from "../harness/installation.ts";
import { run } from "../harness/recorder.ts";

beforeEach((ctx) => ctx.skip(installationMissing !== undefined, installationMissing));

const path = "/usr/bin/unshare";
const megabytes = 12;

/** A program that the administrator takes for one of transfers, with the user's code in it: what no real one does. */
const sender = `
use POSIX;
sub content {
  my $piece = join '', map { chr(int(rand(256))) } 1 .. 1 << 16;
  # Pieces of all sizes, each told from the others.
  for my $i (1 .. shift() << 4) { $| = 1; print substr($piece, 0, 60000 + $i * 7 % 5000), sprintf("%08d", $i); }
}
srand 7; binmode STDOUT; $SIG{PIPE} = 'DEFAULT';
my $after = shift;
# Until the first look.
select undef, undef, undef, 0.3 unless $ENV{BARE};
content(${megabytes});
exec @ARGV if $after eq 'exec';
if ($after eq 'fork') { for (1 .. 5) { if (!fork) { exec @ARGV } content(1); wait } }
if ($after eq 'beside') { my $pid = fork; if (!$pid) { exec @ARGV } content(2); waitpid $pid, 0 }
exit 3;
`;

class Site extends Installation {
  constructor() {
    super({ latency: 1, transfer: { programs: ["/usr/bin/perl"] } });
    writeFileSync(join(this.home, "sender"), sender);
    const secrets = '#!/bin/bash\nfor i in {1..100}; do echo "secret-$i."; done; exec sleep $1\n';
    writeFileSync(join(this.home, "secrets"), secrets, { mode: 0o755 });
  }

  /** Of a script that has the recorder's shell in $1, and in "sends" the command. */
  async run(script: string, after = "nothing", seconds = 0) {
    const sends = `exec perl sender ${after} ./secrets ${seconds}`;
    return await run(this.asUser(`sends='${sends}'; ${script}`, this.recSession), { path });
  }

  get secrets(): number {
    return this.recording.output.toString("latin1").split(/secret-\d+\./).length - 1;
  }
}

/** Whole lines of another program may stand anywhere between writes: so many are taken out of it. */
const sum = String.raw`perl -0777 -pe '$n = s/secret-\d+\.\n//g; print STDERR $n + 0' | sha256sum`;

describe("what passes", () => {
  test.each([
    ["a reader that keeps pace", "cat"],
    ["one that takes little at a time", "dd bs=777 status=none"],
    ["one that begins late and pauses", "(sleep 0.7; head -c 3000001; sleep 0.7; cat)"],
  ])("is exact, and counted, for %s", async (_, reader) => {
    const site = new Site();
    const bare = await site.run(`(BARE=1 bash -c "$sends"; echo $? >&2) | sha256sum`);
    const outcome = await site.run(`($1 -c "$sends"; echo $? >&2) | ${reader} | sha256sum`);
    expect(outcome.stderr).toBe("3\n");
    expect(outcome.stdout.toString()).toBe(bare.stdout.toString());
    const { transfers, end, output } = site.recording;
    const size = Array.from({ length: megabytes << 4 }, (_, i) => 60_008 + (((i + 1) * 7) % 5000)).reduce(
      (a, b) => a + b,
    );
    expect(output.length + (transfers[0]?.outBytes ?? 0)).toBe(size);
    expect(end).toMatchObject({ exit: 3, outBytes: size });
    // What came before the first look is recorded, and what stood in the pipe at its end.
    expect(output.length).toBeLessThan(size / 2);
  });

  test("ends its program when the reader has gone, as without us", async () => {
    const site = new Site();
    const status = "echo $PIPESTATUS";
    const outcome = await site.run(`$1 -c "$sends" | head -c 5000001 | sha256sum; ${status} >&2`);
    const bare = await site.run(`BARE=1 bash -c "$sends" | head -c 5000001 | sha256sum; ${status} >&2`);
    expect(outcome).toEqual(bare);
    expect(site.recording.end).toMatchObject({ signal: "SIGPIPE" });
  });
});

describe("what another program writes into it is recorded in full, and nothing is changed or lost", () => {
  test.each([
    // The last that a transfer writes in the 20 ms before its end is its own: no real one becomes another program.
    ["the transfer's program becomes it", "exec", 100, 0.1],
    ["a child that comes and goes, five times", "fork", 500, 0],
    ["a child beside it, on the same pipe", "beside", 100, 0],
  ])("%s", async (_, after, count, seconds) => {
    const site = new Site();
    const bare = await site.run(`BARE=1 bash -c "$sends" | ${sum}`, after, seconds);
    const outcome = await site.run(`$1 -c "$sends" | ${sum}`, after, seconds);
    expect(outcome).toEqual(bare);
    expect(outcome.stderr).toBe(String(count));
    expect(site.recording.transfers).toHaveLength(1);
    // What stood in the pipes at each doubt is recorded, too: up to a megabyte.
    expect(site.recording.transfers[0]?.outBytes).toBeGreaterThan(megabytes << 17);
    expect(site.secrets).toBe(count);
  });
});
