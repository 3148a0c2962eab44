/** A journal of the recordings' own: what users do to the system's journal, or try with this one, leaves recordings as they are. */
import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import type { Account } from "./account.ts";
import type { Result } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();
const namespace = "rec-session";
const folder = `/run/systemd/journal.${namespace}`;
const siteDropIn = `/etc/systemd/system/systemd-journald@${namespace}.socket.d/zz-site.conf`;

async function recctl(words: string): Promise<Result> {
  return await server().guest.run(`recctl ${words}`, { mayFail: true });
}

async function recorded(account: Account): Promise<string> {
  await account.ssh("echo genuine-$((40+2))");
  return (await account.recording()).rec;
}

/** What the recordings' own journal holds of a recording. */
async function entriesOf(rec: string): Promise<number> {
  const found = await server().guest.text(
    `journalctl --namespace=${namespace} -o cat --output-fields=_PID TLOG_REC=${rec} | wc -l`,
  );
  return Number(found);
}

/** The text to one of journald's sockets. */
function sent(socket: string, text: string): string {
  const kind = ["stdout", "io.systemd.journal"].includes(socket) ? "SOCK_STREAM" : "SOCK_DGRAM";
  return `perl -MSocket -e 'socket(S, AF_UNIX, ${kind}, 0); connect(S, pack_sockaddr_un("${folder}/${socket}")) or die "$!\n"; send(S, "${text}", 0)'`;
}

let before: { account: Account; rec: string };

beforeAll(async () => {
  if (server() === undefined) return;
  const account = await server().account();
  before = { account, rec: await recorded(account) };
  await server().guest.run("recctl enable --own-journal");
}, 300_000);

test("what is recorded goes there, and is found with what was recorded before; the doctor and the status know it", async () => {
  const account = await server().account();
  const rec = await recorded(account);
  expect(await entriesOf(rec)).toBeGreaterThan(1);
  expect(await server().guest.text(`journalctl TLOG_REC=${rec} -q | wc -l`)).toBe("0");
  for (const [who, id] of [
    [account, rec],
    [before.account, before.rec],
  ] as const) {
    expect((await who.recordings()).map(({ rec: found, by }) => [found, by])).toEqual([[id, "recorder"]]);
    const { status, stdout, stderr } = await who.played(id);
    expect({ status, shown: stdout.toString(), stderr }).toEqual({ status: 0, shown: "genuine-42\n", stderr: "" });
    expect((await recctl(`show ${id}`)).stdout.toString()).toContain(id);
    expect((await recctl(`export --format text ${id}`)).stdout.toString()).toBe("genuine-42\n");
  }
  expect((await server().guest.text("rec-play --reader journal --info")).includes(rec)).toBe(true);
  expect((await recctl("search genuine-42")).stdout.toString().match(/>>genuine-42<</g)?.length).toBeGreaterThan(1);
  const { stderr: missing } = await server().guest.run(["rec-play", "-M", "nowhere"], { mayFail: true });
  expect(missing).toContain("in the journal rec-session or the journal: no recording has such an ID");
  const doctor = await recctl(`doctor --user ${account.name}`);
  expect(doctor.stdout.toString()).toMatch(/^well .*own journal listens, to recorders alone$/m);
  expect(doctor.stdout.toString()).toContain(`the last recording of ${account.name}, ${rec}`);
  expect(doctor.stdout.toString()).not.toMatch(/^PROBLEM|^WARNING .*journal/m);
  expect((await recctl("status")).stdout.toString()).toContain("journal of their own");
});

test("an auditor of the group adm lists and plays what is there, and who is in no such group is told that he cannot", async () => {
  const [account, auditor, other] = [await server().account(), await server().account(), await server().account()];
  const rec = await recorded(account);
  await server().guest.run(`gpasswd -a ${auditor.name} adm`);
  expect((await auditor.as("recctl list --source journal")).stdout.toString()).toContain(rec);
  const played = await auditor.as(`rec-play --format raw -M ${rec}`);
  expect([played.status, played.stdout.toString()]).toEqual([0, "genuine-42\n"]);
  const { status, stderr } = await other.as(`rec-play --format raw -M ${rec}`);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining("cannot read the journal rec-session: "),
  });
});

describe("a user", () => {
  test.each<[string, string, RegExp]>([
    ["a message as recorders send it", sent("socket", "MESSAGE=forged\\n"), /Permission denied/],
    ["a line of syslog", sent("dev-log", "<14>forged"), /Permission denied/],
    ["a stream", sent("stdout", "x\\n\\n6\\n0\\n0\\n0\\n0\\nforged\\n"), /Permission denied/],
    ["journald's own commands", sent("io.systemd.journal", "{}"), /Permission denied/],
    ["logger", `logger --socket ${folder}/dev-log forged`, /Permission denied/],
    [
      "a namespace of users in which he is root",
      `unshare -Ur ${sent("socket", "MESSAGE=forged\\n")}`,
      /Permission denied|not permitted/,
    ],
    ["a unit of the system's", `systemd-run -p LogNamespace=${namespace} echo forged`, /denied|authentication/i],
    [
      "a unit of his own",
      `systemd-run --user --wait -p LogNamespace=${namespace} echo forged`,
      // 226 of systemd.exec(5): it has no namespace for it.
      /code=exited\/status=226/,
    ],
    ["a rotation", `journalctl --namespace=${namespace} --rotate`, /denied|permission/i],
    [
      "a vacuum",
      `journalctl --namespace=${namespace} --vacuum-size=1K; ls /var/log/journal/*.${namespace}/system.journal; false`,
      /system\.journal\n.*No journal files were opened due to insufficient permissions/s,
    ],
    [
      "an end of its journald",
      `pkill -f 'systemd-journald ${namespace}'; systemctl stop systemd-journald@${namespace}.socket`,
      /not permitted|denied/i,
    ],
    ["a folder in its sockets' place", `mv ${folder} ${folder}.x`, /denied/],
  ])("cannot write to it, or end it, by %s", async (_, command, refusal) => {
    const account = await server().account();
    await server().guest.run(`loginctl enable-linger ${account.name}`);
    const uid = await server().guest.text(`id -u ${account.name}`);
    const { status, stdout, stderr } = await account.ssh(`export XDG_RUNTIME_DIR=/run/user/${uid}; ${command}`);
    expect(status).not.toBe(0);
    expect(stdout.toString() + stderr).toMatch(refusal);
    // He may show what he likes, and has it recorded: no entry but a recorder's.
    const gid = await server().guest.text("getent group rec | cut -d: -f3");
    const entries = await server().guest.text(
      `journalctl --sync --namespace=${namespace}; journalctl --namespace=${namespace} -o json --output-fields=_UID,_GID _UID=${uid}`,
    );
    for (const line of entries.split("\n")) expect(JSON.parse(line)).toMatchObject({ _UID: uid, _GID: gid });
    const { rec, by } = await account.recording();
    expect({ by, status: (await account.played(rec)).status }).toEqual({ by: "recorder", status: 0 });
  });

  test("does not read it, and sees nothing of it when he follows the journal", async () => {
    const account = await server().account();
    const { stdout } = await account.ssh(
      `echo secret-$((40+2)); sleep 2; journalctl -o cat; journalctl --namespace=${namespace} -o cat; recctl list --source journal`,
    );
    expect(stdout.toString().match(/secret-42/g)).toHaveLength(1);
    expect(stdout.toString()).not.toContain("genuine-42");
  });

  test("forges in the system's journal what is not even told: nobody looks there for it", async () => {
    const [victim, forger] = [await server().account(), await server().account()];
    const rec = await recorded(victim);
    const message = `{\\"ver\\":\\"2.3\\",\\"host\\":\\"h\\",\\"rec\\":\\"${rec}\\",\\"user\\":\\"${victim.name}\\",\\"term\\":\\"\\",\\"session\\":1,\\"id\\":2,\\"pos\\":1,\\"time\\":1.5,\\"timing\\":\\">6\\",\\"in_txt\\":\\"\\",\\"in_bin\\":[],\\"out_txt\\":\\"forged\\",\\"out_bin\\":[]}`;
    const { status } = await forger.ssh(
      `perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); send(S, "MESSAGE=${message.replaceAll("\\", "\\\\\\").replaceAll("\\\\\\\\", "\\")}\\nTLOG_REC=${rec}\\nTLOG_ID=2\\n", 0, pack_sockaddr_un("/run/systemd/journal/socket")) or die'`,
    );
    expect(status).toBe(0);
    expect(await server().guest.text(`journalctl --sync; journalctl -q -o cat TLOG_REC=${rec} | grep -c forged`)).toBe(
      "1",
    );
    const played = await victim.played(rec);
    expect({ shown: played.stdout.toString(), status: played.status, stderr: played.stderr }).toEqual({
      shown: "genuine-42\n",
      status: 0,
      stderr: "",
    });
  });

  test("who floods the system's journal pushes nothing out of it", async () => {
    const { guest } = server();
    const [victim, flooder] = [await server().account(), await server().account()];
    const rec = await recorded(victim);
    await guest.run("install -d /etc/systemd/journald.conf.d; cat > /etc/systemd/journald.conf.d/small.conf", {
      input: "[Journal]\nSystemMaxUse=40M\nSystemKeepFree=1M\n",
    });
    await guest.run("systemctl restart systemd-journald");
    await flooder.as("head -c 150000000 /dev/urandom | base64 -w 40000 | systemd-cat");
    // The attack works on what is in the system's journal.
    await guest.run("journalctl --sync");
    expect(await before.account.recordings()).toEqual([]);
    expect((await victim.played(rec)).status).toBe(0);
    expect((await recctl("doctor")).stdout.toString()).not.toContain("older recordings are gone");
    await guest.run("rm /etc/systemd/journald.conf.d/small.conf; systemctl restart systemd-journald");
  });
});

test("what a user shows can push out what is older: the doctor tells, and what did it has his uid", async () => {
  const { guest } = server();
  const [victim, flooder] = [await server().account(), await server().account()];
  await recorded(victim);
  const limit = `/etc/systemd/journald@${namespace}.conf.d/zz-site.conf`;
  await guest.run(`cat > ${limit}; systemctl restart systemd-journald@${namespace}`, {
    input: "[Journal]\nSystemMaxUse=24M\n",
  });
  try {
    await flooder.ssh("head -c 60000000 /dev/urandom | base64 -w 0");
    // The attack works.
    expect(await victim.recordings()).toEqual([]);
    const uid = await guest.text(`id -u ${flooder.name}`);
    const senders = await guest.text(
      `journalctl --namespace=${namespace} -o cat --output-fields=_UID _TRANSPORT=journal | sort | uniq`,
    );
    expect(senders.split("\n")).toContain(uid);
    await guest.run("touch -d '1 day ago' /etc/rec-session/own-journal.conf");
    const { stdout } = await recctl("doctor");
    expect(stdout.toString()).toMatch(
      /^WARNING .*the journal rec-session reaches back to .*: older recordings are gone/m,
    );
  } finally {
    await guest.run(`rm ${limit}; systemctl restart systemd-journald@${namespace}`);
  }
});

describe("its journald", () => {
  test.each(["kill -s KILL", "stop", "restart"])("is no loss while it goes through systemctl %s", async (how) => {
    const account = await server().account();
    const session = account.ssh("for i in $(seq 40); do echo line-$i-; sleep 0.1; done");
    const isThere = async (): Promise<boolean> => (await account.recordings()).length > 0;
    await until(isThere, () => "the recording has begun");
    for (let i = 0; i < 7; i++)
      await server().guest.run(`systemctl ${how} systemd-journald@${namespace}.service; sleep 0.3`);
    const { stdout } = await session;
    const played = await account.played();
    expect({ shown: played.stdout.toString(), status: played.status }).toEqual({ shown: stdout.toString(), status: 0 });
  });

  test("that does not listen at all is told by the doctor, recordings go to the folder, and enabling again cures it", async () => {
    const { guest } = server();
    const account = await server().account();
    await guest.run(`systemctl stop systemd-journald@${namespace}.service systemd-journald@${namespace}.socket`);
    await account.ssh("echo genuine-$((40+2))");
    expect(await account.recordings()).toEqual([]);
    expect(await guest.text("recctl list --folder-path /var/log/rec-session")).toContain(account.name);
    expect((await recctl("doctor")).stdout.toString()).toMatch(
      /^PROBLEM .*does not listen\n +cure: recctl enable --own-journal$/m,
    );
    expect(await recctl("enable --own-journal")).toMatchObject({ status: 0 });
    await recorded(account);
    expect((await recctl("doctor")).stdout.toString()).not.toContain("PROBLEM");
  });

  test.each([1, 2, 3])(
    "takes the end of a recording that a shutdown ends, and listens from boot on, to recorders alone (%i)",
    async () => {
      const { guest } = server();
      const early = await server().account();
      const session = early.login();
      await session.sees("$ ");
      session.type("trap 'sleep 1; exit' HUP TERM; echo mark-$((40+2)); while sleep 0.1; do :; done\n");
      await session.sees("mark-42");
      await guest.reboot();
      const { rec, state } = await early.recording();
      expect({ state, status: (await early.played(rec)).status }).toEqual({ state: "complete", status: 0 });
      expect(await guest.text(`stat -c '%a %U %G' ${folder}/socket ${folder}/stdout ${folder}/dev-log`)).toBe(
        Array(3).fill("660 root rec").join("\n"),
      );
      const account = await server().account();
      expect(await entriesOf(await recorded(account))).toBeGreaterThan(1);
    },
  );
});

test("where the site's configuration names another journal, enabling and the doctor tell", async () => {
  const { guest } = server();
  const file = "/etc/rec-session/rec-session.conf";
  const installed = guest.read(file);
  try {
    writeFileSync(guest.path(file), '{ "journal": { "namespace": "site" } }');
    const { stderr } = await recctl("enable --own-journal");
    expect(stderr).toMatch(
      /note: .*recordings do not go to the journal of their own .*\(journal.namespace is site\)$/m,
    );
    expect((await recctl("doctor")).stdout.toString()).toMatch(/^PROBLEM .*\(journal.namespace is site\)$/m);
  } finally {
    writeFileSync(guest.path(file), installed);
  }
});

test("where a drop-in of the site's opens it to others the doctor tells, and enabling is refused and taken back", async () => {
  const { guest } = server();
  const open = "[Socket]\nSocketMode=0666\n";
  try {
    await guest.run(
      `cat > ${siteDropIn}; systemctl daemon-reload; systemctl stop systemd-journald@${namespace}.service; systemctl restart systemd-journald@${namespace}.socket`,
      { input: open },
    );
    expect((await recctl("doctor")).stdout.toString()).toMatch(/^PROBLEM .*socket is not root:rec with mode 0660$/m);
    expect(await recctl("disable --own-journal")).toMatchObject({ status: 0 });
    const { status, stderr } = await recctl("enable --own-journal");
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/is not root:rec with mode 0660; everything is again as it was/),
    });
    expect((await recctl("status")).stdout.toString()).not.toContain("journal of their own");
  } finally {
    await guest.run(`rm ${siteDropIn}`);
  }
  expect(await recctl("enable --own-journal")).toMatchObject({ status: 0 });
});

test("taken back, it stays for sessions that run, until the next boot; what comes goes to the system's journal, and all is found", async () => {
  const { guest } = server();
  const [early, late] = [await server().account(), await server().account()];
  const session = early.login();
  await session.sees("$ ");
  expect(await recctl("disable --own-journal")).toMatchObject({ status: 0 });
  const rec = await recorded(late);
  expect(await entriesOf(rec)).toBe(0);
  // Its journald ends when it has nothing to do.
  await guest.run(`systemctl daemon-reload; systemctl stop systemd-journald@${namespace}.service`);
  session.type("echo genuine-$((40+2)); exit\n");
  await session.exited;
  const { rec: earlier, state } = await early.recording();
  expect({ state, status: (await early.played(earlier)).status }).toEqual({ state: "complete", status: 0 });
  expect(await entriesOf(earlier)).toBeGreaterThan(1);
  expect(await guest.text("find /etc/systemd -type f -path '*rec-session*'; ls /etc/rec-session")).not.toMatch(
    /journald|own-journal/,
  );
  await guest.reboot();
  expect(await guest.text(`ls ${folder} 2>&1; true`)).toContain("cannot access");
  for (const [who, id] of [
    [early, earlier],
    [late, rec],
  ] as const)
    expect((await who.recordings()).map(({ rec: found }) => found)).toEqual([id]);
});

test("a purge takes away what makes it, and leaves what is recorded", async () => {
  const { guest } = server();
  expect(await recctl("enable --own-journal")).toMatchObject({ status: 0 });
  await recorded(await server().account());
  // As who ends recording without recctl; with it nothing would be left to purge.
  await guest.run(
    "rm /etc/sssd/conf.d/zz-rec-session.conf; systemctl stop sssd; rm -f /var/lib/sss/db/* /var/lib/sss/mc/*",
  );
  const { stdout } = await guest.run("apt-get purge -y rec-session rec-session-tlog");
  expect(stdout.toString()).toMatch(
    /rec-session: recordings are left in \/var\/log\/journal\/[0-9a-f]{32}\.rec-session/,
  );
  expect(await guest.text("find /etc -path '*rec-session*' ! -path '*sshd_config*' ! -name 'nsswitch.conf.*'")).toBe(
    "",
  );
  expect(await guest.text(`journalctl --namespace=${namespace} -o cat TLOG_ID=1 | grep -c ver`)).not.toBe("0");
});
