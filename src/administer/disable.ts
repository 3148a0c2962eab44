/** recctl disable: whose sessions are recorded no longer. */
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { nobody } from "../site/scope.ts";
import { disable as disableRecording, useOwnJournal } from "../site/set-up.ts";
import { actAsRoot, setUpFor } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";
import { howOptions, namesNobody, subjectsOf, whoOptions } from "./subject-options.ts";

const ownJournalOption = {
  path: "own-journal",
  type: { kind: "flag" },
  long: "own-journal",
  help: "Alone: take their own journal back",
} as const satisfies CommandOption;

export const disable = subcommand({
  name: "disable",
  operands: noOperands,
  summary: "record the sessions of a user, a group or everyone no longer",
  description: [
    "Takes back what recctl enable did for those who are named, whatever the method was; where everyone is recorded they become exceptions. A user who is in a recorded group goes on being recorded. With --all nobody is recorded any more, and all files are as they were before, but for the links of the method shell (/var/lib/rec-session/shell), which somebody may have been given by hand. Recordings stay. Needs root.",
    "The recordings' own journal (recctl enable --own-journal) is taken back when nobody is recorded any more, or by --own-journal alone, which leaves everyone recorded, in the system's journal. Sessions that had begun go on writing to it: it listens until the next boot. What is in it stays, and is found.",
  ],
  options: [...whoOptions, ownJournalOption, ...howOptions],
  examples: [
    ["recctl disable --user alice", "alice's next login is not recorded"],
    ["recctl disable --own-journal", "record to the system's journal again"],
    ["recctl disable --all", "take everything back that recctl enable did"],
  ],
  async run(context, values) {
    const { "own-journal": isJournalMeant } = values;
    if (isJournalMeant && !namesNobody(values)) {
      throw new RecError("REC_USAGE", { what: "--own-journal stands alone; --all takes that journal back, too" });
    }
    const unwanted = isJournalMeant ? nobody : subjectsOf(values);
    actAsRoot("disable recording");
    if (isJournalMeant) {
      await useOwnJournal(setUpFor(context, values["dry-run"]), false);
      return 0;
    }
    await disableRecording(setUpFor(context, values["dry-run"]), unwanted, values.method);
    return 0;
  },
});
