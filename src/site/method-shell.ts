/** The login shell itself becomes a link to the recorder: for users of /etc/passwd, and needs nothing else. */
import { relative } from "node:path";
import { RecError } from "../errors.ts";
import { accountNamed } from "./account.ts";
import type { LoginChange } from "./change.ts";
import type { Host } from "./host.ts";
import {
  type FormerShells,
  formatFormerShells,
  formerShellsFile,
  isShellLink,
  parseFormerShells,
  shellFolder,
  shellLink,
} from "./login-shell.ts";
import { type Method, running } from "./method.ts";
import { recorder, recorderFault } from "./recording-shell.ts";
import { nobody } from "./scope.ts";

/** Relative, so that it holds in a chroot and in a mounted image too. */
const linkTarget = relative(shellFolder, recorder);
/** An empty shell in /etc/passwd means this one. passwd(5) */
const emptyShell = "/bin/sh";

export const methodShell: Method = {
  name: "shell",
  caution: () =>
    "the link is not in /etc/shells on purpose: whoever has a listed shell may choose himself another one with chsh",

  scope: (host) => ({ ...nobody, users: Object.keys(formerShells(host)).sort() }),

  async fault(host, { isAll, groups, users }) {
    if (isAll || groups.length > 0) {
      return { why: "a login shell belongs to one user", cure: "name users with --user, or give --method sssd" };
    }
    for (const user of users) {
      if ((await accountNamed(host, user, "files")) !== undefined) continue;
      return { why: `${user} is not in /etc/passwd`, cure: "give --method sssd" };
    }
    return await recorderFault(host, recorder);
  },

  async change(host, from, to) {
    const former = { ...formerShells(host) };
    const logins: LoginChange[] = [];
    const targets: string[] = [];
    for (const user of to.users) {
      const now = (await accountNamed(host, user, "files"))?.shell;
      if (now === undefined) continue;
      // Enabled before, and its shell changed since: what it is now is what he gets back.
      if (!isShellLink(now)) former[user] = now;
      const link = shellLink(former[user] || emptyShell);
      targets.push(link);
      logins.push({ user, from: now, to: link });
    }
    for (const user of from.users.filter((name) => !to.users.includes(name))) {
      const now = (await accountNamed(host, user, "files"))?.shell;
      const shell = former[user];
      delete former[user];
      // Who has another shell by now keeps it.
      if (now !== undefined && shell !== undefined && isShellLink(now)) logins.push({ user, from: now, to: shell });
    }
    const content = Object.keys(former).length === 0 ? null : Buffer.from(formatFormerShells(former));
    return {
      files: [{ path: formerShellsFile, content, mode: 0o644 }],
      links: [...new Set(targets)].map((path) => ({ path, target: linkTarget })),
      logins,
      services: [],
    };
  },

  wanted: () => () => running,

  checks: (host, from, to) => ({
    valid: async () => undefined,
    async works() {
      for (const user of to.users) {
        const shell = (await accountNamed(host, user))?.shell;
        if (shell === undefined) continue;
        if (!isShellLink(shell)) return `${user} gets the shell ${shell} from another source than /etc/passwd`;
        const fault = await recorderFault(host, shell);
        if (fault !== undefined) return fault.why;
      }
      for (const user of from.users.filter((name) => !to.users.includes(name))) {
        const shell = (await accountNamed(host, user))?.shell;
        if (shell !== undefined && isShellLink(shell)) return `${user} still has the shell ${shell}`;
      }
      return undefined;
    },
  }),
};

/** Nobody's where there is no file yet. Throws REC_SITE_REFUSED. */
export function formerShells(host: Host): FormerShells {
  const text = host.bytes(formerShellsFile)?.toString();
  const shells = text === undefined ? {} : parseFormerShells(text);
  if (shells !== undefined) return shells;
  throw new RecError("REC_SITE_REFUSED", {
    what: "tell who is recorded",
    why: `${formerShellsFile} is broken`,
    cure: "mend it: it has the shell of each user before the recorder, as JSON",
  });
}
