import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../package/packages.ts";
import { Host, hostMissing } from "./host.ts";

const configuration = "/etc/rec-session/rec-session.conf";

/** In order: each case begins with what the one before has left. */
describe.skipIf(hostMissing !== undefined)(`the .rpm on a bare system (${hostMissing ?? "with root"})`, () => {
  let host: Host;
  beforeAll(async () => {
    host = await Host.open();
    host.text("useradd --create-home alice");
  });
  afterAll(() => host.close());

  const files = () => ["rec-session", "rec-session-tlog"].map((name) => packageFile(name, "rpm"));
  const shells = () => host.run("grep rec-session /etc/shells").text;

  test("installs, with group, folders, shells and rights", () => {
    expect(host.rpm(["--install", ...files()])).toMatchObject({ status: 0 });
    expect(
      host.text("stat -c '%a %U:%G %n' /usr/bin/rec-session /usr/lib/rec-session/witness /var/log/rec-session"),
    ).toBe(
      "2755 root:rec /usr/bin/rec-session\n4750 root:rec /usr/lib/rec-session/witness\n3770 root:rec /var/log/rec-session",
    );
    expect(shells()).toBe("/usr/bin/rec-session\n/usr/bin/tlog-rec-session\n");
    expect(host.text("su - alice -c 'rec -o x.log echo one; tlog-play -r file -i x.log'")).toMatch(/one[\s\S]*one/);
  });

  test("takes the place of an older one, and leaves the site's configuration alone", () => {
    host.text(`echo '{ "notice": "ours" }' > ${configuration}`);
    expect(host.rpm(["--upgrade", "--force", ...files()])).toMatchObject({ status: 0 });
    expect(host.text(`cat ${configuration}`)).toBe('{ "notice": "ours" }');
    expect(shells()).toBe("/usr/bin/rec-session\n/usr/bin/tlog-rec-session\n");
  });

  test("is not removed while it is somebody's shell", () => {
    host.text("usermod --shell /usr/bin/rec-session alice");
    expect(host.rpm(["--erase", "rec-session"]).text).toContain(
      "rec-session: not removed: these users could not log in any more: alice",
    );
    expect(host.text("su - alice -c 'echo recorded-$((40+2))'")).toContain("recorded-42");
  });

  test("leaves recordings and the site's configuration when it goes", () => {
    host.text("usermod --shell /bin/bash alice");
    // As recctl enable --own-journal leaves them where nobody runs recctl disable.
    const dropIn = "/etc/systemd/system/systemd-journald@rec-session.socket.d/rec-session.conf";
    host.text(`mkdir -p $(dirname ${dropIn}); touch ${dropIn} /etc/rec-session/own-journal.conf`);
    expect(host.rpm(["--erase", "rec-session-tlog", "rec-session"])).toMatchObject({ status: 0 });
    expect(shells()).toBe("");
    expect(host.text(`cat ${configuration}.rpmsave`)).toBe('{ "notice": "ours" }');
    expect(host.text("cat /var/log/rec-session/*.jsonl")).toContain("recorded-42");
    expect(host.run("find /usr /etc -name '*rec-session*' ! -name '*.rpmsave' ! -path /etc/rec-session").text).toBe("");
  });
});
