/** recctl status: whose sessions are recorded, by which method. */
import { ownJournalFile } from "../own-journal.ts";
import { printable, printableJson } from "../printable.ts";
import { Host } from "../site/host.ts";
import type { MethodName } from "../site/method.ts";
import { leftOut, wordsOfLeftOut } from "../site/method-sssd.ts";
import { isOwnJournalSet } from "../site/own-journal.ts";
import { describe, isNobody, type Scope } from "../site/scope.ts";
import { methods } from "../site/set-up.ts";
import { readSssdConfiguration } from "../site/sssd-configuration.ts";
import { userRcDropIn } from "../site/user-rc.ts";
import { actAsRoot } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const status = subcommand({
  name: "status",
  operands: noOperands,
  summary: "tell whose sessions are recorded, and by which method",
  description: [
    "Tells whom recctl enable has set up and whom the site's own files have SSSD record, whether recctl enable has forbidden ~/.ssh/rc to sshd, and whether recordings have a journal of their own. Where SSSD records everyone it names whom of /etc/passwd SSSD does not serve, as root: leftOut in JSON. In JSON file is that file of the site's, and null where recctl enable decides. Whether it works for a user, recctl doctor finds out. Needs root, who alone may read SSSD's configuration.",
  ],
  options: [{ path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line, one line a method" }],
  examples: [["recctl status", "whose sessions are recorded"]],
  async run(context, { json }) {
    actAsRoot("tell who is recorded");
    const host = new Host();
    const forbidsUserRc = host.details(userRcDropIn) !== undefined;
    const hasOwnJournal = isOwnJournalSet(host);
    const site = readSssdConfiguration(host).otherScope;
    const scopes: { readonly method: MethodName; readonly file: string | null; readonly scope: Scope }[] = [
      ...methods.map(({ name, scope }) => ({ method: name, file: null, scope: scope(host) })),
      ...(site === undefined ? [] : [{ method: "sssd" as const, file: site.file, scope: site.whom }]),
    ];
    const leftOutOf = (method: MethodName, scope: Scope): string[] => (method === "sssd" ? leftOut(host, scope) : []);
    if (json) {
      for (const { method, file, scope } of scopes) {
        const { isAll, users, groups, excludedUsers, excludedGroups } = scope;
        const record = {
          method,
          file,
          all: isAll,
          users,
          groups,
          excludedUsers,
          excludedGroups,
          leftOut: leftOutOf(method, scope),
          forbidsUserRc,
          hasOwnJournal,
        };
        await context.write(`${printableJson(JSON.stringify(record))}\n`);
      }
      return 0;
    }
    const set = scopes.filter(({ scope }) => !isNobody(scope));
    for (const { method, file, scope } of set) {
      const by = file === null ? "" : `, by the site's own ${file}`;
      await context.write(`${method} records ${printable(describe(scope) + by)}\n`);
      const words = wordsOfLeftOut(leftOutOf(method, scope));
      if (words !== undefined) await context.write(`note: ${printable(words)}\n`);
    }
    if (forbidsUserRc) await context.write(`sshd starts nobody's ~/.ssh/rc: ${userRcDropIn}\n`);
    if (hasOwnJournal) await context.write(`recordings go to a journal of their own: ${ownJournalFile}\n`);
    if (set.length === 0) await context.write("nobody is recorded\n");
    return 0;
  },
});
