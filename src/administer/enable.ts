/** recctl enable: whose sessions are recorded. */
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { elsewhere } from "../site/doctor/configuration.ts";
import { nobody } from "../site/scope.ts";
import { enable as enableRecording, type SetUp, useOwnJournal } from "../site/set-up.ts";
import { configurationReader } from "./recorder-configuration.ts";
import { actAsRoot, setUpFor } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";
import { howOptions, namesNobody, subjectsOf, whoOptions } from "./subject-options.ts";

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

const ownJournalOption = {
  path: "own-journal",
  type: { kind: "flag" },
  long: "own-journal",
  help: "To a journal of their own, shut to users",
} as const satisfies CommandOption;

export const enable = subcommand({
  name: "enable",
  operands: noOperands,
  summary: "record the sessions of users, groups or everyone",
  description: [
    "Makes the recorder the login shell of those who are named, and of those who were before: calls add up. Their next login is recorded; sessions that run are not touched. Needs root.",
    "There are three methods. sssd: SSSD hands out /usr/bin/tlog-rec-session as the shell, for users of /etc/passwd and of any directory, for groups, and for everyone but root; it needs the packages sssd-common, sssd-proxy, libnss-sss and libpam-sss, and our package rec-session-tlog. shell: the login shell in /etc/passwd is changed to a link to the recorder; it needs nothing else, and takes single users, root beside everyone by sssd, too. forcecommand: sshd runs the recorder in the place of what its client asks for; only ssh is recorded, and who means to get by it can, as his shell reads ~/.bashrc first. Without --method it is sssd where it is installed, else shell.",
    "What is changed: /etc/sssd/conf.d/zz-rec-session.conf, and the lines passwd and group of /etc/nsswitch.conf, where sss must come first (a backup is /etc/nsswitch.conf.before-rec-session); or login shells, by usermod, which recctl disable gives back; or /etc/ssh/sshd_config.d/rec-session.conf. By every method /etc/ssh/sshd_config.d/00-rec-session-rc.conf forbids ~/.ssh/rc to sshd, for everyone (PermitUserRC no): what it leaves running could write to a session unrecorded. No other file of the site is touched. The new configuration is checked before a daemon reads it, and afterwards whether the users really get the recorder. If not, or when interrupted, all is made again as it was; what a killed call left behind, the next call takes back.",
    "With --own-journal everyone's recordings go to a journal of journald's, namespace rec-session, to whose sockets only the group rec may write, which recorders alone have: users can neither fill it, except by what they have recorded, nor forge. It is kept on disk, in a folder beside the system's journal, with limits of its own and for the same groups to read (adm, systemd-journal), not for the recorded users; rec-play and recctl look there first, then in the system's journal. Drop-ins of systemd's make it (in /etc/systemd: system/systemd-journald@rec-session.socket.d, system/systemd-journald@rec-session.service.d, system/sockets.target.d, journald@rec-session.conf.d), and /etc/rec-session/own-journal.conf tells recorders, unless rec-session.conf names another place. Alone it is for those who are recorded already; later calls without it leave it as it is. A recorder that cannot have its group (nosuid, NoNewPrivileges) can write nowhere, and its session is refused.",
  ],
  options: [...whoOptions, ...exceptionOptions, ownJournalOption, ...howOptions],
  examples: [
    ["recctl enable --user alice", "record alice from her next login on"],
    ["recctl enable --group ops --dry-run", "show what that would change"],
    ["recctl enable --all --exclude-group ops", "record everyone but a group"],
    ["recctl enable --own-journal", "to a journal of their own"],
  ],
  async run(context, values) {
    const { "exclude-user": excludedUsers = [], "exclude-group": excludedGroups = [] } = values;
    if (!values.all && excludedUsers.length + excludedGroups.length > 0) {
      throw new RecError("REC_USAGE", { what: "--exclude-user and --exclude-group are exceptions from --all" });
    }
    const isJournalAlone = values["own-journal"] && namesNobody(values);
    const wanted = { ...(isJournalAlone ? nobody : subjectsOf(values)), excludedUsers, excludedGroups };
    actAsRoot("enable recording");
    const setUp = setUpFor(context, values["dry-run"]);
    if (isJournalAlone) await useOwnJournal(setUp, true);
    else await enableRecording(setUp, wanted, values.method, values["own-journal"]);
    if (values["own-journal"]) tellElsewhere(setUp);
    return 0;
  },
});

/** What the site's configuration says goes before what was enabled. */
function tellElsewhere({ host, tell }: SetUp): void {
  const read = configurationReader(host);
  const found = (["rec-session", "tlog-rec-session"] as const).flatMap((recorder) => {
    return elsewhere(host, read(recorder));
  });
  for (const sentence of new Set(found.map(({ sentence }) => sentence))) tell(`note: ${sentence}`);
}
