/** recctl status: whose sessions are recorded, by which method. */
import { ownJournalFile } from "../own-journal.ts";
import { printable, printableJson } from "../printable.ts";
import { Host } from "../site/host.ts";
import { isOwnJournalSet } from "../site/own-journal.ts";
import { describe, isNobody } from "../site/scope.ts";
import { methods } from "../site/set-up.ts";
import { userRcDropIn } from "../site/user-rc.ts";
import { actAsRoot } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const status = subcommand({
  name: "status",
  operands: noOperands,
  summary: "tell whose sessions are recorded, and by which method",
  description: [
    "Tells what recctl enable has set up, whether it has forbidden ~/.ssh/rc to sshd, and whether recordings have a journal of their own. Whether it works for a user, recctl doctor finds out. Needs root, who alone may read SSSD's configuration.",
  ],
  options: [{ path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line, one line a method" }],
  examples: [["recctl status", "whose sessions are recorded"]],
  async run(context, { json }) {
    actAsRoot("tell who is recorded");
    const host = new Host();
    const forbidsUserRc = host.details(userRcDropIn) !== undefined;
    const hasOwnJournal = isOwnJournalSet(host);
    const scopes = methods.map(({ name, scope }) => ({ method: name, scope: scope(host) }));
    if (json) {
      for (const { method, scope } of scopes) {
        const { isAll, users, groups, excludedUsers, excludedGroups } = scope;
        const record = {
          method,
          all: isAll,
          users,
          groups,
          excludedUsers,
          excludedGroups,
          forbidsUserRc,
          hasOwnJournal,
        };
        await context.write(`${printableJson(JSON.stringify(record))}\n`);
      }
      return 0;
    }
    const set = scopes.filter(({ scope }) => !isNobody(scope));
    for (const { method, scope } of set) await context.write(`${method} records ${printable(describe(scope))}\n`);
    if (forbidsUserRc) await context.write(`sshd starts nobody's ~/.ssh/rc: ${userRcDropIn}\n`);
    if (hasOwnJournal) await context.write(`recordings go to a journal of their own: ${ownJournalFile}\n`);
    if (set.length === 0) await context.write("nobody is recorded\n");
    return 0;
  },
});
