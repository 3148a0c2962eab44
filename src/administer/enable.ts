/** recctl enable: whose sessions are recorded. */
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { enable as enableRecording } from "../site/set-up.ts";
import { actAsRoot, setUpFor } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";
import { howOptions, subjectsOf, whoOptions } from "./subject-options.ts";

const exceptionOptions = [
  {
    path: "exclude-user",
    type: { kind: "list" },
    long: "exclude-user",
    placeholder: "NAME",
    help: "With --all: all but this user; repeatable",
  },
  {
    path: "exclude-group",
    type: { kind: "list" },
    long: "exclude-group",
    placeholder: "NAME",
    help: "With --all: all but its members; repeatable",
  },
] as const satisfies readonly CommandOption[];

export const enable = subcommand({
  name: "enable",
  operands: noOperands,
  summary: "record the sessions of users, groups or everyone",
  description: [
    "Makes the recorder the login shell of those who are named, and of those who were before: calls add up. Their next login is recorded; sessions that run are not touched. Needs root.",
    "There are three methods. sssd: SSSD hands out /usr/bin/tlog-rec-session as the shell, for users of /etc/passwd and of any directory, for groups, and for everyone but root; it needs the packages sssd-common, sssd-proxy, libnss-sss and libpam-sss, and our package rec-session-tlog. shell: the login shell in /etc/passwd is changed to a link to the recorder; it needs nothing else, and takes single users. forcecommand: sshd runs the recorder in the place of what its client asks for; only ssh is recorded, and who means to get by it can, as his shell reads ~/.bashrc first. Without --method it is sssd where it is installed, else shell.",
    "What is changed: /etc/sssd/conf.d/zz-rec-session.conf, and the lines passwd and group of /etc/nsswitch.conf, where sss must come first (a backup is /etc/nsswitch.conf.before-rec-session); or login shells, by usermod, which recctl disable gives back; or /etc/ssh/sshd_config.d/rec-session.conf. By every method /etc/ssh/sshd_config.d/00-rec-session-rc.conf forbids ~/.ssh/rc to sshd, for everyone (PermitUserRC no): what it leaves running could write to a session unrecorded. No other file of the site is touched. The new configuration is checked before a daemon reads it, and afterwards whether the users really get the recorder. If not, or when interrupted, all is made again as it was; what a killed call left behind, the next call takes back.",
  ],
  options: [...whoOptions, ...exceptionOptions, ...howOptions],
  examples: [
    ["recctl enable --user alice", "record alice from her next login on"],
    ["recctl enable --group ops --dry-run", "show what that would change"],
    ["recctl enable --all --exclude-group ops", "record everyone but a group"],
  ],
  async run(context, values) {
    const { "exclude-user": excludedUsers = [], "exclude-group": excludedGroups = [] } = values;
    if (!values.all && excludedUsers.length + excludedGroups.length > 0) {
      throw new RecError("REC_USAGE", { what: "--exclude-user and --exclude-group are exceptions from --all" });
    }
    const wanted = { ...subjectsOf(values), excludedUsers, excludedGroups };
    actAsRoot("enable recording");
    await enableRecording(setUpFor(context, values["dry-run"]), wanted, values.method);
    return 0;
  },
});
