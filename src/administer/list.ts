/** recctl list: what recordings there are. */
import { recordingLines, recordingTable } from "../catalog/table.ts";
import { filterOf, filterOptions } from "./filter-options.ts";
import { listPlaces, placeOptions } from "./place-options.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const list = subcommand({
  name: "list",
  operands: noOperands,
  summary: "list recordings, newest first",
  description: [
    "Lists the recordings of the recordings folder and of the journal, or of the places that are named.",
    "The state is complete where the recording tells its end, running where its recorder lives, incomplete where the recorder is gone without an end, and unended where a recorder that never tells one, as tlog, is gone.",
  ],
  options: [
    ...filterOptions,
    { path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line; times in milliseconds" },
    ...placeOptions,
  ],
  examples: [
    ["recctl list", "what was recorded, newest first"],
    ["recctl list --user alice --since yesterday", "what alice did"],
    ["recctl list -N recordings --json", "for programs"],
  ],
  async run(context, values) {
    const found = await listPlaces(context, values, filterOf(values));
    if (values.json) await context.write(recordingLines(found));
    else if (found.length === 0 && context.columns !== null) context.tell("no recordings");
    else await context.write(recordingTable(found));
    return 0;
  },
});
