/** Makes a change of the set-up and looks whether it works; else everything is again as it was. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { RecError } from "../errors.ts";
import { type Change, type Service, writeWhole, writing } from "./change.ts";
import type { Host } from "./host.ts";
import { Interruption } from "./interruption.ts";
import type { ServiceState } from "./service.ts";
import { takeService } from "./service.ts";
import { forget, remember, setShell, takeBack } from "./undo.ts";

/** Asked between the steps: why what stands there does not do, undefined where it does. */
export interface Checks {
  /** Of the files, before a daemon reads them. */
  readonly valid: () => Promise<string | undefined>;
  /** Of the whole; `isStopped` says that nobody waits for the answer any longer. */
  readonly works: (isStopped: () => boolean) => Promise<string | undefined>;
}

/** How a daemon is to be afterwards. */
export type Wanted = (service: Service) => ServiceState;

/** Who asks for a change: on this host, by these words after recctl. */
export interface Caller {
  readonly host: Host;
  readonly call: readonly string[];
}

/** `what` in words: "enable recording". Throws REC_FILE_*, and REC_SITE_UNDONE, REC_SITE_NOT_UNDONE once something was changed. */
export async function carryOut(
  { host, call }: Caller,
  what: string,
  change: Change,
  wanted: Wanted,
  checks: Checks,
): Promise<void> {
  const interruption = new Interruption();
  const touched = new Set<Service>();
  const touching: Wanted = (service) => {
    touched.add(service);
    return wanted(service);
  };
  try {
    const undo = await remember(host, change, call);
    try {
      await take(steps(host, change, touching, checks.valid), what, checks, interruption);
      forget(host);
    } catch (error) {
      // A daemon that read nothing new is left alone: one whose files were spoilt since it started would not start again.
      await takeBack(host, { ...undo, services: undo.services.filter(({ service }) => touched.has(service)) }, error);
      if (!(error instanceof RecError)) throw error;
      throw new RecError("REC_SITE_UNDONE", { what: error.message }, error);
    }
  } finally {
    interruption.ignore();
  }
}

async function take(
  all: readonly (() => Promise<void>)[],
  what: string,
  { works }: Checks,
  interruption: Interruption,
): Promise<void> {
  for (const step of all) {
    interruption.check();
    await step();
  }
  interruption.check();
  const why = await works(() => interruption.isTold);
  interruption.check();
  if (why !== undefined) throw new RecError("REC_SITE_STEP", { what, why });
}

function steps(
  host: Host,
  { files, links, logins, services }: Change,
  wanted: Wanted,
  valid: Checks["valid"],
): (() => Promise<void>)[] {
  return [
    ...files.map((file) => async () => writeWhole(host, file)),
    ...links.map((link) => async () => makeLink(host, link)),
    async () => {
      const why = await valid();
      if (why !== undefined) throw new RecError("REC_SITE_STEP", { what: "use the new configuration", why });
    },
    ...logins.map(
      ({ user, to }) =>
        async () =>
          await setShell(host, user, to),
    ),
    ...services.map((service) => async () => await takeService(host, service, wanted(service))),
  ];
}

function makeLink(host: Host, { path, target }: Change["links"][number]): void {
  const place = host.place(path);
  writing(path, () => {
    mkdirSync(dirname(place), { recursive: true, mode: 0o755 });
    rmSync(place, { force: true });
    symlinkSync(target, place);
  });
}
