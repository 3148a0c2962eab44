/** What the subcommands that change the host have in common. */
import { RecError } from "../errors.ts";
import { printable } from "../printable.ts";
import { Host } from "../site/host.ts";
import { previewOf } from "../site/preview.ts";
import type { SetUp } from "../site/set-up.ts";
import type { Context } from "./context.ts";

/** Root with nothing of the launcher's and of who called it. Throws REC_SITE_ROOT. `what` in words: "enable recording". */
export function actAsRoot(what: string): void {
  if (process.geteuid?.() !== 0) throw new RecError("REC_SITE_ROOT", { what });
  // The launcher runs us in the group rec, and SSSD refuses a file that is not root's in every way.
  process.setgid?.(0);
  // Under sudo's umask of some sites nobody could reach the links that are login shells.
  process.umask(0o022);
}

export function setUpFor(context: Context, isDry: boolean): SetUp {
  const host = new Host();
  return {
    host,
    call: context.args,
    isDry,
    tell: context.tell,
    async show(change) {
      await context.write(
        previewOf(host, change)
          .map((line) => `${printable(line)}\n`)
          .join(""),
      );
    },
  };
}
