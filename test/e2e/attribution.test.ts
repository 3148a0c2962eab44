/** Who sent a recording, by the kernel's word: the set-group-ID recorder, and those who would be taken for it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Installation, installationMissing, recGroup, user, userName } from "../harness/installation.ts";
import { type Journald, journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { root, run } from "../harness/recorder.ts";
import { rec } from "./play-program.ts";

const missing = installationMissing ?? journaldMissing;
const path = "/usr/bin/unshare";

beforeEach((context) => context.skip(missing !== undefined, missing));

class Host {
  readonly journald: Journald;
  readonly installation: Installation;
  readonly #group: string;

  constructor(journald: Journald) {
    this.journald = journald;
    this.installation = new Installation({
      writer: "journal",
      payload: 262_144,
      journal: { namespace: journald.namespace },
    });
    this.#group = join(this.installation.folder, "group");
    writeFileSync(this.#group, `rec:x:${recGroup}:\n`);
  }

  async asUser(script: string, ...words: string[]) {
    return await run(this.installation.asUser(script, ...words), { path });
  }

  /** As the administrator, where the group is. */
  read(...words: string[]) {
    this.journald.sync();
    const script = `mount --bind ${this.#group} /etc/group; exec "$@"`;
    const [, ...args] = this.installation.args(script, ...words);
    const { status, stdout, stderr } = spawnSync(path, args, {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 16 << 20,
    });
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  list(): { rec: string; by: string }[] {
    const { stdout } = this.read(join(root, "bin/recctl"), "list", "--json", "-N", this.journald.namespace);
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { rec: string; by: string });
  }

  play(...words: string[]) {
    return this.read(join(root, "bin/rec-play"), "-N", this.journald.namespace, ...words);
  }
}

/** A perl program that sends a whole recording of that user; perl is everywhere. */
function invented(socket: string, name: string): string {
  const head = `"ver":"2.3","host":"server","rec":"${rec}","user":"${name}","term":"","session":1`;
  const rest = `"time":1795297383.705,"in_txt":"","in_bin":[],"out_bin":[]`;
  const start = `"start":{"command":["sh"],"cwd":"/","tty":null,"peer":null}`;
  const end = `"end":{"exit":0,"signal":null,"messages":2,"in":0,"out":6,"duration":1}`;
  const fields = `PRIORITY=6\\nSYSLOG_IDENTIFIER=rec-session\\nTLOG_REC=${rec}\\nTLOG_USER=${name}\\nTLOG_SESSION=1\\n`;
  const entries = [
    `${fields}TLOG_ID=1\\nREC_EVENT=start\\nMESSAGE={${head},"id":1,"pos":0,"timing":">6",${rest},"out_txt":"forged",${start}}\\n`,
    `${fields}TLOG_ID=2\\nREC_EVENT=end\\nMESSAGE={${head},"id":2,"pos":1,"timing":"",${rest},"out_txt":"",${end}}\\n`,
  ].map((entry) => `"${entry.replaceAll('"', '\\"')}"`.replaceAll("[", "\\x5b").replaceAll('\\"', "\\x22"));
  return `use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0); send(S, $_, 0, pack_sockaddr_un("${socket}")) or die for ${entries.join(", ")}`;
}

test("the installed recorder's recording is its own, as it cannot be forged", async () => {
  const host = new Host(await journaldOfTest());
  // A NUL takes six characters: messages too large for a datagram, which go by memory file, and small ones.
  const size = 1_000_000;
  const { stderr } = await host.asUser(`exec $1 -c 'head -c ${size} /dev/zero'`, host.installation.recSession);
  expect(stderr).toBe("");
  expect(host.list()).toEqual([expect.objectContaining({ user: userName, by: "recorder", state: "complete" })]);
  expect(host.play("--format", "raw")).toMatchObject({ status: 0, stderr: "", stdout: "\0".repeat(size) });
  const { sender } = JSON.parse(
    host.read(join(root, "bin/recctl"), "show", "--json", "-N", host.journald.namespace, host.list()[0]?.rec ?? "")
      .stdout,
  ) as { sender: unknown };
  expect(sender).toMatchObject({ _UID: `${user}`, _GID: `${recGroup}`, by: "recorder" });
});

test.each([
  ["himself", userName, "unproven", "it calls itself a login session's, but the installed recorder did not send it"],
  ["another", "root", `uid ${user}`, `uid ${user} (${userName}) wrote it, who is not root`],
])("a recording that a user invents of %s is told", async (_, name, by, lie) => {
  const host = new Host(await journaldOfTest());
  expect((await host.asUser(`exec perl -e "$1"`, invented(host.journald.socket, name))).stderr).toBe("");
  expect(host.list()).toEqual([expect.objectContaining({ rec, user: name, by })]);
  const played = host.play("--format", "raw");
  expect(played).toMatchObject({ status: 3, stdout: "forged" });
  expect(played.stderr).toContain(lie);
  // What is missing may be passed over; who wrote it may not.
  expect(host.play("--lax", "--format", "raw")).toEqual(played);
  expect(host.play("--info").stdout).toContain(lie);
  expect(host.read(join(root, "bin/recctl"), "list", "-N", host.journald.namespace).stdout).toMatch(
    new RegExp(`${name} .* ${by} `),
  );
});

/** A perl program that files so many beginnings of recordings, and so many messages of recordings without one. */
function flood(socket: string, beginnings: number, others: number): string {
  return `use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0); connect(S, pack_sockaddr_un("${socket}")) or die;
    sub file { send(S, "TLOG_REC=$_[0]\\nTLOG_ID=$_[1]\\nTLOG_USER=x\\nMESSAGE=x\\n", 0) or die }
    file("b-$_-1", 1) for 1 .. ${beginnings}; file("o-$_-1", 7) for 1 .. ${others};`;
}

test("who files more than a list holds hides no recording but his own, and it is told", {
  timeout: 120_000,
}, async () => {
  const host = new Host(await journaldOfTest());
  const { socket } = host.journald;
  await host.asUser(`exec $1 -c 'echo hi'`, host.installation.recSession);
  expect((await host.asUser(`exec perl -e "$1"`, flood(socket, 20_100, 700))).stderr).toBe("");
  // What is left of a recorder's, of which the journal has dropped the beginning.
  const left = `use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0); send(S, "TLOG_REC=${rec}\\nTLOG_ID=5\\nTLOG_USER=bob\\nMESSAGE=x\\n", 0, pack_sockaddr_un("${socket}")) or die;`;
  spawnSync("setpriv", ["--regid", `${recGroup}`, "--clear-groups", "perl", "-e", left]);
  const { stdout, stderr } = host.read(join(root, "bin/recctl"), "list", "--json", "-N", host.journald.namespace);
  expect(stderr).toContain(`uid ${user} filed 600 more recordings: only his newest 20000 are listed\n`);
  expect(stderr).toContain("200 recordings without their beginning are not listed\n");
  const found = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { rec: string; by: string });
  expect(found.filter(({ by }) => by === "recorder")).toHaveLength(2);
  expect(found.find((one) => one.rec === rec)).toMatchObject({ by: "recorder", user: "bob" });
  expect(found).toHaveLength(2 + 20_000);
});
