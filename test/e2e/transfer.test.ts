/** File transfers of a recorded user: exact, told in one message, and no way to show anything unrecorded. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { group, Installation, installationMissing, quote, user } from "../harness/installation.ts";
import { run } from "../harness/recorder.ts";

beforeEach((ctx) => ctx.skip(installationMissing !== undefined, installationMissing));

const path = "/usr/bin/unshare";
const sftpServer = "/usr/lib/openssh/sftp-server";
const megabytes = 12;

/** In place of ssh: options, then a host, then the command, which the recorded login shell gets as sshd would give it. */
const ssh = `#!/bin/bash
while [[ $1 == -* ]]; do case $1 in -l | -p | -o) shift 2 ;; *) shift ;; esac; done
shift
exec SESSION -c "$*"
`;

class Site extends Installation {
  readonly ssh = join(this.folder, "ssh");

  constructor(configuration: object = {}) {
    super({ latency: 1, ...configuration });
    writeFileSync(this.ssh, ssh.replace("SESSION", this.recSession), { mode: 0o755 });
  }

  /** In the user's home, with $ssh and $server. */
  async run(script: string) {
    const given = `export ssh=${this.ssh} server=${sftpServer} HOME=$PWD; ${script}`;
    const outcome = await run(this.asUser(given, this.recSession), { path });
    return { ...outcome, out: outcome.stdout.toString() };
  }

  /** A file of the user's that no program compresses. */
  make(name: string): void {
    writeFileSync(join(this.home, name), randomBytes(megabytes << 20), { mode: 0o644 });
  }

  sum(name: string): string {
    return createHash("sha256")
      .update(readFileSync(join(this.home, name)))
      .digest("hex");
  }

  /** Bytes of log of each session. */
  get sizes(): number[] {
    return this.files.map((file) => statSync(file).size);
  }
}

describe("content that passes is exact and not recorded", () => {
  test.each([
    ["sftp, from the host", sftpServer, `echo 'get big copy' | sftp -q -b - -D "$ssh host $server"`, "out"],
    ["sftp, to the host", sftpServer, `echo 'put big copy' | sftp -q -b - -D "$ssh host $server"`, "in"],
    ["scp, from the host", "/usr/bin/scp", "scp -q -O -S $ssh host:big copy", "out"],
    ["scp, to the host", "/usr/bin/scp", "scp -q -O -S $ssh big host:copy", "in"],
    ["rsync, from the host", "/usr/bin/rsync", "rsync -W -e $ssh host:big copy", "out"],
    ["rsync, to the host", "/usr/bin/rsync", "rsync -W -e $ssh big host:copy", "in"],
  ])("%s", async (_, program, command, direction) => {
    if (!existsSync(program)) return;
    const site = new Site();
    site.make("big");
    const { exit, stderr } = await site.run(command.replaceAll("host:", `host:${site.home}/`));
    expect({ exit, stderr: stderr.replace(/^sftp> .*\n/gm, "") }).toEqual({ exit: 0, stderr: "" });
    expect(site.sum("copy")).toBe(site.sum("big"));
    const { transfers, end, output } = site.recording;
    expect(transfers).toHaveLength(1);
    const [{ inBytes = 0, outBytes = 0, command: words = [] } = {}] = transfers;
    expect(words[0]?.split("/").at(-1)).toBe(program.split("/").at(-1));
    const most = Math.max(inBytes, outBytes);
    expect(most === (direction === "in" ? inBytes : outBytes)).toBe(true);
    expect(most).toBeGreaterThan((megabytes - 2) << 20);
    expect(end).toMatchObject({ exit: 0 });
    // What came before the first look is recorded.
    expect(output.length).toBeLessThan(1 << 18);
  });

  test("git, both ways", async () => {
    const site = new Site();
    site.make("big");
    const config = "git config --global user.email a@b; git config --global user.name n";
    const make = `git init -q a; cp big a; cd a; git add big; git commit -qm x; cd ..; git init -q --bare b`;
    const move = `export GIT_SSH=$ssh; git clone -q host:$PWD/a c; cd a; git push -q host:$PWD/../b HEAD:refs/heads/x`;
    const { exit, stderr } = await site.run(`${config}; ${make}; ${move}`);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(site.sum("c/big")).toBe(site.sum("big"));
    for (const size of site.sizes) expect(size).toBeLessThan(4096);
  });

  test("the log of a large sftp is one event, and the administrator may want the content all the same", async () => {
    const get = `echo 'get big copy' | sftp -q -b - -D "$ssh host $server"`;
    const site = new Site();
    site.make("big");
    await site.run(get);
    expect(site.sizes[0]).toBeLessThan(4096);
    const strict = new Site({ transfer: { record: true } });
    strict.make("big");
    await strict.run(get);
    expect(strict.recording.transfers).toEqual([]);
    expect(strict.recording.output.length).toBeGreaterThan(megabytes << 20);
    const other = new Site({ transfer: { programs: ["/usr/bin/scp"] } });
    other.make("big");
    await other.run(get);
    expect(other.recording.output.length).toBeGreaterThan(megabytes << 20);
  });
});

describe("nothing else is exempt", () => {
  const secret = `for i in $(seq 300); do echo secret-$i; sleep 0.001; done; touch "$HOME/said"`;
  /** The other side stays until all is said, half a minute at most. */
  const patient = `(for i in $(seq 300); do [ -e "$HOME/said" ] && break; sleep 0.1; done; sleep 0.2)`;
  const program = `echo '#!/bin/bash' > e; echo '{ ${secret}; } >&2' >> e; chmod +x e;`;
  /** What git sends on for a program has a head before each piece of its reading, which may begin anywhere: gitprotocol-pack(5). */
  const pieceHead = /[0-9a-f]{4}\x02/g;
  const count = (site: Site): number =>
    site.recording.output
      .toString("latin1")
      .replaceAll(pieceHead, "")
      .split(/secret-\d+/).length - 1;

  test.each([
    ["a command after it", `scp -f none </dev/null; ${secret}`],
    ["a shell function of its name", `rsync() { ${secret}; }; rsync --server --sender .`],
    ["a copy of another program of its name", `cp /bin/bash scp; exec ./scp -t -c '${secret}'`],
    ["another program under its argv[0]", `exec -a /usr/bin/scp bash -c '${secret}' scp -t`],
    ["a job in the background", `{ ${secret}; } & exec /usr/lib/openssh/sftp-server`],
    ["an orphan of two forks", `( { ${secret}; } & ); exec /usr/lib/openssh/sftp-server`],
    ["an orphan in a session of its own", `( setsid bash -c '${secret}' & ); exec /usr/lib/openssh/sftp-server`],
    ["git as a client", `git init -q x; cd x; git config alias.x '!${secret}'; exec git x`],
    ["rsync that starts a program", `${program} exec rsync -e ./e x: y`],
    ["scp that starts a program", `${program} exec scp -S ./e x: y`],
  ])("%s", async (_, command) => {
    const site = new Site();
    await site.run(`${patient} | $1 -c ${quote(command)} 2>&1`);
    expect(count(site)).toBe(300);
  });

  test("a library of the user's own in the program", async () => {
    const site = new Site();
    writeFileSync(
      join(site.home, "evil.c"),
      `#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void evil(void) {
  for (int i = 0; i < 300; i++) { dprintf(1, "secret-%d\\n", i); usleep(1000); }
}`,
    );
    execFileSync("cc", ["-shared", "-fPIC", "-o", join(site.home, "evil.so"), join(site.home, "evil.c")]);
    chownSync(join(site.home, "evil.so"), user, group);
    await site.run(`: | $1 -c 'export LD_PRELOAD=$PWD/evil.so; exec /usr/lib/openssh/sftp-server'`);
    expect(count(site)).toBe(300);
  });

  test.each(["echo mark-$((40+2))", "echo mark-$((40+2)) >&2"])("a hook that a push runs: %s", async (command) => {
    const site = new Site();
    const config = "git config --global user.email a@b; git config --global user.name n";
    site.make("big");
    const make = "git init -q a; cd a; cp ../big .; git add big; git commit -qm x; cd ..; git init -q --bare b";
    const hook = `(echo '#!/bin/sh'; echo ${quote(command)}) > b/hooks/post-receive; chmod +x b/hooks/post-receive`;
    const { stderr } = await site.run(`${config}; ${make}; ${hook}; cd a; GIT_SSH=$ssh git push host:$PWD/../b HEAD:x`);
    expect(stderr).toContain("mark-42");
    expect(site.recording.transfers).toHaveLength(1);
    expect(site.recording.output.toString()).toContain("mark-42");
  });

  test("a program that git runs for the user, on a stream of the transfer", async () => {
    const site = new Site();
    site.make("big");
    writeFileSync(join(site.home, "hook"), `#!/bin/bash\n{ ${secret}; } >&2\nexec "$@"\n`, { mode: 0o755 });
    const config = "git config --global user.email a@b; git config --global user.name n";
    const make = "git init -q a; cp big a; cd a; git add big; git commit -qm x; cd ..";
    const hook = "git config --global uploadpack.packObjectsHook $PWD/hook";
    await site.run(`${config}; ${make}; ${hook}; GIT_SSH=$ssh git clone -q host:$PWD/a c 2>/dev/null`);
    expect(count(site)).toBe(300);
  });
});
