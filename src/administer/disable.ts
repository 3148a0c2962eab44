/** recctl disable: whose sessions are recorded no longer. */
import { disable as disableRecording } from "../site/set-up.ts";
import { actAsRoot, setUpFor } from "./set-up.ts";
import { noOperands, subcommand } from "./subcommand.ts";
import { howOptions, subjectsOf, whoOptions } from "./subject-options.ts";

export const disable = subcommand({
  name: "disable",
  operands: noOperands,
  summary: "record the sessions of a user, a group or everyone no longer",
  description: [
    "Takes back what recctl enable did for those who are named, whatever the method was; where everyone is recorded they become exceptions. A user who is in a recorded group goes on being recorded. With --all nobody is recorded any more, and all files are as they were before. Recordings stay. Needs root.",
  ],
  options: [...whoOptions, ...howOptions],
  examples: [
    ["recctl disable --user alice", "alice's next login is not recorded"],
    ["recctl disable --all", "take everything back that recctl enable did"],
  ],
  async run(context, values) {
    const unwanted = subjectsOf(values);
    actAsRoot("disable recording");
    await disableRecording(setUpFor(context, values["dry-run"]), unwanted, values.method);
    return 0;
  },
});
