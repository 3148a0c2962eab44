/** The adversary writes to the journal: floods it, forges other people's recordings and his own. The auditor is told. */
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** A recording of his with one word in it, ended. */
async function recorded(account: Account): Promise<string> {
  await account.ssh("echo genuine-$((40+2))");
  return (await account.recording()).rec;
}

/** The message of a recording as anyone can copy it, with another text and place. */
function message(account: Account, rec: string, id: number, text: string, more = ""): string {
  const head = `"ver":"2.3","host":"server","rec":"${rec}","user":"${account.name}","term":"","session":1`;
  const timing = `"id":${id},"pos":${id},"time":1795297383.705,"timing":">${text.length}"`;
  return `{${head},${timing},"in_txt":"","in_bin":[],"out_txt":"${text}","out_bin":[]${more}}`;
}

/** One entry by journald's own protocol, with fields as a recorder gives them. */
function entry(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`);
  const data = Buffer.from(lines.join("")).toString("base64");
  return `perl -MMIME::Base64 -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); send(S, decode_base64("${data}"), 0, pack_sockaddr_un("/run/systemd/journal/socket")) or die'`;
}

function forged(account: Account, rec: string, id: number, text: string, more = ""): string {
  return entry({
    MESSAGE: message(account, rec, id, text, more),
    PRIORITY: "6",
    SYSLOG_IDENTIFIER: "tlog-rec-session",
    TLOG_REC: rec,
    TLOG_USER: account.name,
    TLOG_ID: String(id),
    TLOG_SESSION: "1",
  });
}

describe("a flood", () => {
  test.each([
    ["of logger, in the session", "seq 100000 | logger"],
    ["of logger, by many processes", "for i in $(seq 300); do seq 100 | logger & done; wait"],
    ["of messages that look like ours", `yes '{"ver":"2.3","rec":"x"}' | head -50000 | logger -t tlog-rec-session`],
  ])("%s: what came after it is there, or is told to be missing", async (_, command) => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    // journald may drop everything from the flood on: what was shown before is with it by then.
    session.type(`PS1=; stty -echo; echo before-$((40+1)); sleep 1.5; ${command}\n`);
    await session.sees("before-41");
    session.type("echo after-$((40+2)); sleep 1.5; exit\n");
    await session.sees("after-42");
    await session.exited;
    const { rec, state } = await account.recording();
    const { status, stdout, stderr } = await account.played(rec);
    expect(stdout.toString()).toContain("before-41");
    if (stdout.toString().includes("after-42") && status === 0) expect(state).toBe("complete");
    else expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringMatching(/missing|without its end/) });
  });

  test("of output: fifty megabytes, all of them", async () => {
    const account = await server().account();
    const { stdout } = await account.ssh("yes 0123456789abcdef | head -c 50000000; echo mark-$((40+2))");
    expect(stdout.length).toBe(50_000_008);
    const played = await account.played();
    expect({ status: played.status, isSame: played.stdout.equals(stdout) }).toEqual({ status: 0, isSame: true });
  }, 180_000);

  test("of sessions: each is recorded", async () => {
    const account = await server().account();
    await Promise.all(Array.from({ length: 20 }, (_, i) => account.ssh(`echo mark-$((${i}+1))-`)));
    const messages = await account.messages();
    for (let i = 1; i <= 20; i++) expect(messages).toContain(`mark-${i}-`);
  });
});

test("a journal made slow before his recorder is killed: no more of what was shown is lost than may wait in a login", async () => {
  const account = await server().account();
  const flood = String.raw`use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0); setsockopt(S, SOL_SOCKET, SO_SNDBUF, 4e6); $d = "x" x 1.5e5; $e = time + 5; while (time < $e) { send(S, "MESSAGE=flood\nBIG=$d\n", 0, pack_sockaddr_un("/run/systemd/journal/socket")) }`;
  await account.as("cat > flood", flood);
  const session = account.login();
  await session.sees("$ ");
  session.type(
    "PS1=; stty -echo; for i in $(seq 20); do setsid perl flood & done >/dev/null 2>&1; sleep 1; echo ready-$((40+2))\n",
  );
  await session.sees("ready-42");
  session.type("seq 400000; kill -9 $PPID\n");
  await session.exited;
  const { rec, state } = await account.recording();
  const { status, stdout, stderr } = await account.played(rec);
  expect({ state, status }).toEqual({ state: "incomplete", status: 3 });
  expect(stderr).toContain("without its end");
  // With the client's last words. What the terminal still held when the recorder was killed nobody saw.
  const shown = session.shownText.length - session.shownText.indexOf("ready-42");
  expect(shown).toBeGreaterThan(2_500_000);
  expect(shown - (stdout.length - stdout.indexOf("ready-42"))).toBeLessThan(2 * 262_144);
});

describe("a forged entry", () => {
  test.each([
    [
      "by logger",
      (account: Account, rec: string) => `logger -t tlog-rec-session '${message(account, rec, 3, "forged")}'`,
    ],
    ["in the middle", (account: Account, rec: string) => forged(account, rec, 2, "forged")],
    ["after the end", (account: Account, rec: string) => forged(account, rec, 9, "forged")],
    [
      "that says it is the end",
      (account: Account, rec: string) => forged(account, rec, 4, "forged", ',"end":{"exit":0}'),
    ],
    [
      "that says it is the start",
      (account: Account, rec: string) => forged(account, rec, 1, "forged", ',"start":{"command":["x"]}'),
    ],
    [
      "with trusted fields of its own",
      (account: Account, rec: string) =>
        entry({
          MESSAGE: message(account, rec, 3, "forged"),
          TLOG_REC: rec,
          TLOG_ID: "3",
          _UID: "0",
          _PID: "1",
          _COMM: "rec-session",
        }),
    ],
    [
      "with a newline in its text",
      (account: Account, rec: string) =>
        `${entry({ MESSAGE: "x", TLOG_REC: rec, TLOG_ID: "3" })}; ${forged(account, rec, 3, "forged\\n")}`,
    ],
  ])("%s, in another's recording, is not played, and told", async (how, forge) => {
    const [victim, forger] = [await server().account(), await server().account()];
    const rec = await recorded(victim);
    const { status, stderr } = await forger.ssh(forge(victim, rec));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const played = await victim.played(rec);
    expect(played.stdout.toString()).toBe("genuine-42\n");
    // Without the field it is in no recording at all.
    if (how !== "by logger")
      expect({ status: played.status, stderr: played.stderr }).toEqual({
        status: 3,
        stderr: expect.stringMatching(/process/),
      });
    expect((await victim.recordings()).map(({ rec: found }) => found)).toEqual([rec]);
  });

  test("in one's own recording, from a process beside the recorder, is told too", async () => {
    const account = await server().account();
    const rec = await recorded(account);
    await account.ssh(forged(account, rec, 2, "forged"));
    const { stdout, status } = await account.played(rec);
    expect({ shown: stdout.toString(), status }).toEqual({ shown: "genuine-42\n", status: 3 });
  });

  test("a whole invented recording of another: the list, the facts and the player tell that he did not write it", async () => {
    const [victim, forger] = [await server().account(), await server().account()];
    const rec = `${"0".repeat(32)}-1-1`;
    await forger.ssh(
      `${forged(victim, rec, 1, "forged", ',"start":{"command":["x"]}')}; ${forged(victim, rec, 2, "", ',"end":{"exit":0}')}`,
    );
    await server().guest.run("journalctl --sync");
    const info = await server().guest.run(["rec-play", "--reader", "journal", "--info", rec], { mayFail: true });
    const uid = await server().guest.text(["id", "-u", forger.name]);
    const lie = `uid ${uid} (${forger.name}) wrote it, who is not ${victim.name}`;
    expect(info.stdout.toString()).toContain(lie);
    expect(await victim.recordings()).toEqual([expect.objectContaining({ rec, by: `uid ${uid}` })]);
    const table = await server().guest.text(["recctl", "list", "--source", "journal", "--user", victim.name]);
    expect(table).toContain(` uid ${uid} `);
    const { status, stderr } = await victim.played(rec);
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining(lie) });
  });
});

test("messages that his process sends before it becomes his recorder are not played, and told", async () => {
  const account = await server().account();
  // As ~/.bashrc could with the method forcecommand; or another process of that pid, long before.
  const program = String.raw`
    use Socket;
    open(F, "/proc/self/stat"); my $start = (split / /, <F> =~ s/.*\) //r)[19];
    open(F, "/proc/sys/kernel/random/boot_id"); my $boot = <F> =~ s/[-\n]//gr;
    my $rec = sprintf("%s-%x-%x", $boot, $$, $start);
    socket(S, AF_UNIX, SOCK_DGRAM, 0);
    for my $id (1..3) {
      my $message = qq({"ver":"2.3","host":"h","rec":"$rec","user":"${account.name}","term":"","session":1,"id":$id,"pos":$id,"time":1.5,"timing":">6","in_txt":"","in_bin":[],"out_txt":"forged","out_bin":[]});
      send(S, "MESSAGE=$message\nSYSLOG_IDENTIFIER=rec-session\nTLOG_REC=$rec\nTLOG_USER=${account.name}\nTLOG_ID=$id\n", 0, pack_sockaddr_un("/run/systemd/journal/socket")) or die;
    }
    exec "/usr/bin/rec-session", "-c", "echo genuine-42";`;
  const { stdout, stderr } = await account.as("perl", program);
  expect({ shown: stdout.toString(), stderr }).toEqual({ shown: "genuine-42\n", stderr: "" });
  const { rec, state, by } = await account.recording();
  expect({ state, by }).toEqual({ state: "complete", by: "recorder" });
  const played = await account.played(rec);
  expect({ shown: played.stdout.toString(), status: played.status, stderr: played.stderr }).toEqual({
    shown: "genuine-42\n",
    status: 3,
    stderr: expect.stringContaining("wrote it, not the installed recorder: _GID is"),
  });
});

test("what the recorder sent is told to be its own", async () => {
  const account = await server().account();
  const rec = await recorded(account);
  await account.ssh("true");
  expect((await account.recordings()).map(({ by }) => by)).toEqual(["recorder", "recorder"]);
  expect((await account.played(rec)).status).toBe(0);
});

test("he does not read the recordings of others in the journal", async () => {
  const [victim, reader] = [await server().account(), await server().account()];
  await recorded(victim);
  const { stdout } = await reader.ssh(
    "journalctl --no-pager -o cat; rec-play --reader journal --format raw; recctl list --source journal",
  );
  expect(stdout.toString()).not.toContain("genuine-42");
});

test("a flood of large entries pushes all recordings out of the journal: the doctor tells, and a folder beside it keeps them", async () => {
  const { guest } = server();
  const [victim, flooder] = [await server().account(), await server().account()];
  const limits = "[Journal]\nSystemMaxUse=40M\nSystemKeepFree=1M\n";
  await guest.run("install -d /etc/systemd/journald.conf.d; cat > /etc/systemd/journald.conf.d/small.conf", {
    input: limits,
  });
  await guest.run("systemctl restart systemd-journald");
  const file = "/etc/rec-session/rec-session.conf";
  const installed = guest.read(file);
  writeFileSync(guest.path(file), '{ "writer": ["journal", "folder"] }');
  try {
    const rec = await recorded(victim);
    await flooder.as("head -c 150000000 /dev/urandom | base64 -w 40000 | systemd-cat");
    await guest.run("journalctl --sync");
    // The attack works.
    expect(await victim.recordings()).toEqual([]);
    const found = await guest.text("recctl doctor || true");
    expect(found).toMatch(/^WARNING .*the journal reaches back to .*, and recording was enabled before/m);
    expect(await guest.text("recctl list --folder-path /var/log/rec-session")).toContain(rec);
  } finally {
    writeFileSync(guest.path(file), installed);
  }
});
