/** A way by which logins come to the recorder. */

import type { Checks, Wanted } from "./carry-out.ts";
import type { Change } from "./change.ts";
import type { Host } from "./host.ts";
import type { Fault } from "./recording-shell.ts";
import type { Scope } from "./scope.ts";

export const methodNames = ["sssd", "shell", "forcecommand"] as const;
export type MethodName = (typeof methodNames)[number];

export interface Method {
  readonly name: MethodName;
  /** Whom it records, as it is set up now. Throws REC_FILE_READ. */
  scope(host: Host): Scope;
  /** What this host lacks for it, or why it cannot record those; undefined where it can. */
  fault(host: Host, wanted: Scope): Promise<Fault | undefined>;
  /** Whether the name is of a user whom it does not record whatever its scope says; of none without this. */
  passesOver?(host: Host, user: string): Promise<boolean>;
  /** What makes `to` of `from`. Throws REC_SITE_REFUSED, REC_FILE_READ. */
  change(host: Host, from: Scope, to: Scope): Promise<Change>;
  wanted(host: Host, to: Scope): Wanted;
  checks(host: Host, from: Scope, to: Scope): Checks;
  /** What the administrator should know of it when he enables it, if anything. */
  caution(host: Host, to: Scope): string | undefined;
}

export const running = { isActive: true, isEnabled: true } as const;
