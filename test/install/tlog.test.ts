import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Host, hostMissing } from "./host.ts";

const site = `{"notice": "this site records", "writer": "journal"}`;
const configuration = "/etc/tlog/tlog-rec-session.conf";

/** In order: each case begins with what the one before has left. */
describe.skipIf(hostMissing !== undefined)(
  `rec-session-tlog over Debian's tlog (${hostMissing ?? "with root"})`,
  () => {
    let host: Host;
    beforeAll(async () => {
      host = await Host.open();
      host.text("useradd --create-home alice");
      host.text("apt-get install -y --no-install-recommends tlog");
      host.text(`echo '${site}' > ${configuration}`);
    });
    afterAll(() => host.close());

    test("it takes tlog's place by one command, keeps the site's configuration, and says whose it is", () => {
      const text = host.text("apt-get install -y --no-install-recommends /packages/*.deb");
      expect(text).toContain("Removing tlog");
      expect(text).toContain(
        "rec-session-tlog: the configuration in /etc/tlog is the one that tlog left, and in force.",
      );
      expect(host.text(`cat ${configuration}`)).toBe(site);
      expect(host.text("readlink /usr/bin/tlog-rec-session /usr/bin/tlog-rec /usr/bin/tlog-play")).toBe(
        "rec-session\nrec\nrec-play",
      );
      expect(host.text("grep -c ^/usr/bin/tlog-rec-session$ /etc/shells")).toBe("1");
    });

    test("its programs read tlog's files and options", () => {
      host.text("usermod --shell /usr/bin/tlog-rec-session alice");
      expect(host.run("su - alice -c 'script -qec \"tlog-rec-session --configuration\" /dev/null'").text).toContain(
        "this site records",
      );
      expect(host.run("su - alice -c 'tlog-rec -w file -o x.log echo one; tlog-play -r file -i x.log'").text).toMatch(
        /one\n[\s\S]*one\n/,
      );
    });

    test("it is not removed while its shell is somebody's", () => {
      const { status, text } = host.run("apt-get remove -y rec-session-tlog");
      expect(status).not.toBe(0);
      expect(text).toContain("rec-session-tlog: not removed: these users could not log in any more: alice");
      host.text("usermod --shell /bin/bash alice");
    });

    test("nor while SSSD hands it out, to whomever", () => {
      host.text("mkdir -p /etc/sssd/conf.d; printf '[session_recording]\\nscope = some\\n' > /etc/sssd/conf.d/x.conf");
      const { status, text } = host.run("apt-get remove -y rec-session-tlog");
      expect(status).not.toBe(0);
      expect(text).toContain("these users could not log in any more: those whom SSSD has recorded");
      host.text("rm -r /etc/sssd");
    });

    test("tlog takes its place again, with the site's configuration", () => {
      host.text("apt-get install -y --no-install-recommends tlog");
      expect(host.text(`cat ${configuration}`)).toBe(site);
      expect(host.run("readlink /usr/bin/tlog-rec-session").text).toBe("");
      expect(host.text("dpkg --status rec-session")).toMatch(/^Status: \w+ ok installed$/m);
    });
  },
);
