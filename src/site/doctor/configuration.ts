/** Whether the recorders' configuration is in force, and whether what it says loses recordings. */
import type { Host } from "../host.ts";
import { recordingsNamespace } from "../own-journal.ts";
import { restoringConfiguration } from "../packages.ts";
import { isProgram } from "../recording-shell.ts";
import { accessFindings } from "./configuration-access.ts";
import { type Cure, decide, type Finding, orUnseen, problem, warning, well } from "./finding.ts";
import { shellCure } from "./own-shell.ts";
import { placeFindings } from "./recording-place.ts";
import { placeOfFault, placeOfOption, setting } from "./setting.ts";
import type { Configuration, RecorderSettings } from "./settings.ts";

export async function configurationFindings(host: Host, read: () => Configuration): Promise<Finding[]> {
  return await orUnseen("what recorders are told to do", async () => await findings(host, read()));
}

async function findings(host: Host, configuration: Configuration): Promise<Finding[]> {
  const { path, isThere, settings } = configuration;
  return [
    ...(isThere ? await accessFindings(host, path) : [missing(host, path)]),
    ...useFindings(host, configuration),
    ...lossFindings(host, configuration),
    ...elsewhere(host, configuration),
    ...shellFindings(host, path, settings),
    ...(await placeFindings(host, path, settings)),
  ];
}

function missing(host: Host, path: string): Finding {
  const cure = restoringConfiguration(host, "rec-session");
  return warning(`there is no ${path}: recorders take their defaults`, cure);
}

function useFindings(host: Host, { path, isThere, passedOver, faults, notices }: Configuration): Finding[] {
  const over = `the recorder that SSSD hands out reads ${path}, and not what ${passedOver} says`;
  const ills = [
    ...(passedOver === undefined
      ? []
      : [
          warning(
            over,
            decide(
              path,
              `which of the two is meant is the site's to say: let ${passedOver} say nothing, or take ${path} away`,
            ),
          ),
        ]),
    ...faults.map((fault) =>
      problem(
        `${fault}; the defaults count instead`,
        decide(
          placeOfFault(host, path, fault),
          "what is meant only its writer knows: man 5 rec-session.conf has the options",
        ),
      ),
    ),
    ...notices.map((notice) =>
      warning(notice, decide(placeOfFault(host, path, notice), "it does nothing: take it out")),
    ),
  ];
  return ills.length > 0 || !isThere ? ills : [well(`${path} is understood by the recorder`)];
}

function lossFindings(host: Host, configuration: Configuration): Finding[] {
  const { path, settings } = configuration;
  const findings: Finding[] = [];
  const loses = (sentence: string, cure: Cure, told = problem): void => {
    findings.push(told(`${path}: ${sentence}`, cure));
  };
  const set = <Name extends keyof RecorderSettings>(option: Name, to: RecorderSettings[Name]): Cure =>
    setting(host, configuration, option, JSON.stringify(to), (after) => String(after[option]) === String(to));
  if (settings.writer.includes("none")) loses("nothing is recorded (writer is none)", set("writer", ["journal"]));
  if (!settings["log.output"]) {
    loses("what programs show is not recorded (log.output is false)", set("log.output", true));
  }
  if (settings.environment) {
    loses("who is recorded can turn it off (environment is true)", set("environment", false));
  }
  if (settings["limit.action"] === "drop") {
    const rate = `more than ${settings["limit.rate"]} bytes a second`;
    loses(`${rate} are left out of recordings (limit.action is drop)`, set("limit.action", "pass"), warning);
  }
  if (settings["buffer.policy"] === "drop") {
    const waiting = `what comes while ${settings["buffer.bytes"]} bytes wait`;
    loses(`${waiting} is left out of recordings (buffer.policy is drop)`, set("buffer.policy", "wait"), warning);
  }
  if (settings.required?.includes("none") === true) {
    const cure = setting(host, configuration, "required", null, ({ required }) => required === undefined);
    loses("sessions go on when they cannot be recorded (required is none)", cure, warning);
  }
  if (settings["log.input"]) {
    findings.push(well(`${path}: what is typed is recorded too, passwords included (log.input is true)`));
  }
  if (settings.notice === "") findings.push(well(`${path}: nobody is told of being recorded (notice is empty)`));
  return findings;
}

/** Nothing where recordings have no journal of their own, or go there. */
export function elsewhere(host: Host, configuration: Configuration): Finding[] {
  const { path, settings } = configuration;
  const wanted = recordingsNamespace(host);
  const { writer, "journal.namespace": namespace } = settings;
  if (wanted === undefined || writer.includes("none")) return [];
  const told = (
    option: keyof RecorderSettings,
    is: string,
    isWanted: (after: RecorderSettings) => boolean,
  ): Finding[] => {
    const what = `${path}: recordings do not go to the journal of their own that recctl enable made (${option} is ${is})`;
    return [problem(what, setting(host, configuration, option, null, isWanted))];
  };
  if (!writer.includes("journal")) {
    return told("writer", writer.join(", "), (after) => after.writer.includes("journal"));
  }
  if (namespace === wanted) return [];
  return told("journal.namespace", String(namespace), (after) => after["journal.namespace"] === wanted);
}

function shellFindings(host: Host, path: string, settings: RecorderSettings): Finding[] {
  const findings: Finding[] = [];
  for (const option of ["shell", "fallback-shell"] as const) {
    const shell = settings[option];
    if (shell === undefined || isProgram(host, shell)) continue;
    const instead = option === "shell" ? settings["fallback-shell"] : "/bin/sh";
    const sentence = `${path}: ${option} is ${shell}, which is no program that every user may run; ${instead} takes its place`;
    const cure = shellCure(host, shell, placeOfOption(host, path, option));
    findings.push(option === "shell" ? problem(sentence, cure) : warning(sentence, cure));
  }
  return findings;
}
