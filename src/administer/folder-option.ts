/** The option that names folders of recordings, and the folder that is meant without it. */
import { recordingsFolder } from "../catalog/place.ts";
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import type { Context } from "./context.ts";

export const foldersOption = {
  path: "folder",
  type: { kind: "list" },
  defaultText: "$XDG_DATA_HOME/rec-session, or ~/.local/share/rec-session",
  long: "folder-path",
  alias: "folder",
  placeholder: "DIR",
  help: "A folder of recordings; may be given again",
} as const satisfies CommandOption;

/** The user's own folder of recordings. Throws REC_USAGE where there is none. */
export function ownFolder({ environment }: Context): string {
  const own = recordingsFolder(environment);
  if (own !== null) return own;
  throw new RecError("REC_USAGE", { what: "no recordings folder, as HOME is not set: name one with --folder-path" });
}
