/** A shell that somebody is to have and nobody can run. */
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { reinstalling } from "../packages.ts";
import { type Cure, decide } from "./finding.ts";

/** Those of Debian and Fedora that have a package of their own name. */
const packaged = new Set(["bash", "dash", "fish", "ksh", "mksh", "tcsh", "zsh"]);

/** `place`: where the shell is named. */
export function shellCure(host: Host, shell: string, place: string): Cure {
  const [, name = ""] = /^\/(?:usr\/)?bin\/([^/]+)$/.exec(shell) ?? [];
  const details = shell.startsWith("/") ? host.details(shell) : undefined;
  if (details?.isFile() === true) return `chmod a+rx ${shellWord(shell)}`;
  if (details === undefined && packaged.has(name)) {
    return reinstalling(host, name);
  }
  return decide(place, `no package is known that brings ${shell}: install it, or name another program there`);
}
