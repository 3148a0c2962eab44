/** recctl list: what recordings there are. */
import { sorted, sortKeys } from "../catalog/sort.ts";
import { recordingLines, recordingTable } from "../catalog/table.ts";
import { filterOf, filterOptions } from "./filter-options.ts";
import { count } from "./option-type.ts";
import { listPlaces, placeOptions } from "./place-options.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const list = subcommand({
  name: "list",
  operands: noOperands,
  summary: "list recordings, newest first",
  description: [
    "Lists the recordings of the recordings folder and of the journal, or of the places that are named. On a terminal what is too long is cut to its width, and IDs are the part that rec-play and recctl need to find the recording.",
    "The state is complete where the recording tells its end, running where its recorder lives, incomplete where the recorder is gone without an end, and unended where a recorder that never tells one, as tlog, is gone.",
    "Of one user a journal's list has the newest 20000 recordings, as anyone may file any number; standard error says how many more he filed. What installed recorders sent is all there.",
    "BY tells who sent the recording to the journal, by the kernel's word, which nobody can forge, in the names of this host: recorder is the installed recorder of login sessions; user is a process of the user's, as rec is, which may have made up what it sent; unproven is the same where the recording calls itself a login session's; uid N is a process of that user, whose name is not the one in USER, so do not believe that. import is a recording of another program's, by recctl import. A - is what nothing tells: recordings in files, and the journals of other machines.",
  ],
  options: [
    ...filterOptions,
    {
      path: "sort",
      type: { kind: "choice", choices: sortKeys },
      default: "start",
      long: "sort",
      placeholder: "KEY",
      help: "Order by KEY",
      details: "The newest, the longest and the largest come first; names and commands by the alphabet.",
    },
    { path: "reverse", type: { kind: "flag" }, short: "r", long: "reverse", help: "The other way round" },
    {
      path: "limit",
      type: count,
      short: "n",
      long: "limit",
      placeholder: "COUNT",
      help: "The first so many of the list",
    },
    { path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line; times in milliseconds" },
    ...placeOptions,
  ],
  examples: [
    ["recctl list", "what was recorded"],
    ["recctl list --user alice --since yesterday", "what alice did"],
    ["recctl list --sort size -n 10", "the ten largest"],
    ["recctl list --match 'user bob or cwd /etc'", "sudoreplay's way"],
    ["recctl list -N recordings --json", "for programs"],
  ],
  async run(context, values) {
    const { limit, sort, reverse } = values;
    // Only the newest can be told before all are known.
    const early = sort === "start" && !reverse ? limit : undefined;
    const all = await listPlaces(context, values, { ...filterOf(values), limit: early });
    const found = sorted(all, sort, reverse).slice(0, limit);
    if (values.json) await context.write(recordingLines(found));
    else if (found.length === 0 && context.columns !== null) context.tell("no recordings");
    else await context.write(recordingTable(found, context.columns));
    return 0;
  },
});
