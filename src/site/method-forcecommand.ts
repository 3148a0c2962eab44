/** sshd runs the recorder in the place of whatever its client asks for: ssh only, and no change of any account. */
import { accountNamed } from "./account.ts";
import type { Host } from "./host.ts";
import { type Method, running } from "./method.ts";
import { recorder, recorderFault } from "./recording-shell.ts";
import { hasSetting, isSshdMissing, sshdComplaint, sshdSettings } from "./sshd.ts";
import { forcedCommand, formatSshdDropIn, parseSshdDropIn, sshdDropIn } from "./sshd-drop-in.ts";

export const methodForcecommand: Method = {
  name: "forcecommand",
  caution: () =>
    "only ssh is recorded, not the console, su or cron; and ~/.bashrc or ~/.zshenv of the user comes before the recorder: who means to get by it, can",

  scope: (host) => parseSshdDropIn(host.bytes(sshdDropIn)?.toString()),

  async fault(host, { users, groups, excludedUsers, excludedGroups }) {
    const odd = [...users, ...groups, ...excludedUsers, ...excludedGroups].find((name) => /[\s*?!"]/.test(name));
    if (odd !== undefined) {
      return { why: `sshd cannot be told the name ${JSON.stringify(odd)}`, cure: "give another method" };
    }
    if (await isSshdMissing(host)) {
      return { why: "sshd is not installed", cure: "run apt install openssh-server" };
    }
    return await recorderFault(host, recorder);
  },

  async change(_host, _from, to) {
    const text = formatSshdDropIn(to);
    return {
      files: [{ path: sshdDropIn, content: text === undefined ? null : Buffer.from(text), mode: 0o644 }],
      links: [],
      logins: [],
      services: ["sshd"],
    };
  },

  wanted: () => () => running,

  checks: (host, from, to) => ({
    valid: async () => await sshdComplaint(host),
    async works() {
      for (const user of to.users) {
        if ((await accountNamed(host, user)) === undefined || (await isForced(host, user))) continue;
        return `sshd -T does not tell of the recorder for ${user}: see that /etc/ssh/sshd_config includes ${sshdDropIn}, and has no ForceCommand of its own`;
      }
      for (const user of from.users.filter((name) => !to.users.includes(name))) {
        if (!to.isAll && to.groups.length === 0 && (await isForced(host, user))) return `${user} is still recorded`;
      }
      return undefined;
    },
  }),
};

/** What sshd itself says that the user's sessions run. */
export async function isForced(host: Host, user: string): Promise<boolean> {
  return hasSetting(await sshdSettings(host, user), `forcecommand ${forcedCommand}`);
}
