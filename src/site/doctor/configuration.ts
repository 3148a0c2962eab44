/** Whether the recorders' configuration is in force, and whether what it says loses recordings. */
import type { Host } from "../host.ts";
import { recordingsNamespace } from "../own-journal.ts";
import { isProgram } from "../recording-shell.ts";
import { accessFindings } from "./configuration-access.ts";
import { type Finding, orUnseen, problem, warning, well } from "./finding.ts";
import { placeFindings } from "./recording-place.ts";
import type { Configuration, RecorderSettings } from "./settings.ts";

export async function configurationFindings(host: Host, read: () => Configuration): Promise<Finding[]> {
  return await orUnseen("what recorders are told to do", async () => await findings(host, read()));
}

async function findings(host: Host, configuration: Configuration): Promise<Finding[]> {
  const { path, isThere, settings } = configuration;
  return [
    ...(isThere ? await accessFindings(host, path) : [missing(path)]),
    ...useFindings(configuration),
    ...lossFindings(path, settings),
    ...elsewhere(path, settings, recordingsNamespace(host)),
    ...shellFindings(host, path, settings),
    ...(await placeFindings(host, path, settings)),
  ];
}

function missing(path: string): Finding {
  const cure = "apt-get install --reinstall -o Dpkg::Options::=--force-confmiss rec-session";
  return warning(`there is no ${path}: recorders take their defaults`, cure);
}

function useFindings({ path, isThere, passedOver, faults, notices }: Configuration): Finding[] {
  const over = `the recorder that SSSD hands out reads ${path}, and not what ${passedOver} says`;
  const ills = [
    ...(passedOver === undefined ? [] : [warning(over, `say it in ${path}, or move that file away`)]),
    ...faults.map((fault) => problem(`${fault}; the defaults count instead`, edit(path, "see man 5 rec-session.conf"))),
    ...notices.map((notice) => warning(notice, edit(path, "take it out"))),
  ];
  return ills.length > 0 || !isThere ? ills : [well(`${path} is understood by the recorder`)];
}

function edit(path: string, what: string): string {
  return `edit ${path}: ${what}`;
}

function lossFindings(path: string, settings: RecorderSettings): Finding[] {
  const findings: Finding[] = [];
  const loses = (sentence: string, cure: string, told = problem): void => {
    findings.push(told(`${path}: ${sentence}`, edit(path, cure)));
  };
  if (settings.writer.includes("none")) loses("nothing is recorded (writer is none)", 'set "writer": "journal"');
  if (!settings["log.output"]) {
    loses("what programs show is not recorded (log.output is false)", 'set "log": {"output": true}');
  }
  if (settings.environment) {
    loses("who is recorded can turn it off (environment is true)", 'set "environment": false');
  }
  if (settings["limit.action"] === "drop") {
    const rate = `more than ${settings["limit.rate"]} bytes a second`;
    loses(`${rate} are left out of recordings (limit.action is drop)`, 'set "limit": {"action": "pass"}', warning);
  }
  if (settings["buffer.policy"] === "drop") {
    const waiting = `what comes while ${settings["buffer.bytes"]} bytes wait`;
    loses(`${waiting} is left out of recordings (buffer.policy is drop)`, 'set "buffer": {"policy": "wait"}', warning);
  }
  if (settings.required?.includes("none") === true) {
    loses("sessions go on when they cannot be recorded (required is none)", 'take "required" out', warning);
  }
  if (settings["log.input"]) {
    findings.push(well(`${path}: what is typed is recorded too, passwords included (log.input is true)`));
  }
  if (settings.notice === "") findings.push(well(`${path}: nobody is told of being recorded (notice is empty)`));
  return findings;
}

/** `wanted`: the namespace of the recordings' own journal, where they have one; `path`: what says where recorders write. */
export function elsewhere(path: string, settings: RecorderSettings, wanted: string | undefined): Finding[] {
  const { writer, "journal.namespace": namespace } = settings;
  if (wanted === undefined || writer.includes("none")) return [];
  const odd = !writer.includes("journal")
    ? `writer is ${writer.join(", ")}`
    : namespace === wanted
      ? undefined
      : `journal.namespace is ${namespace}`;
  if (odd === undefined) return [];
  const what = `${path}: recordings do not go to the journal of their own that recctl enable made (${odd})`;
  return [problem(what, `${edit(path, "take that out")}, or run recctl disable --own-journal`)];
}

function shellFindings(host: Host, path: string, settings: RecorderSettings): Finding[] {
  const findings: Finding[] = [];
  for (const option of ["shell", "fallback-shell"] as const) {
    const shell = settings[option];
    if (shell === undefined || isProgram(host, shell)) continue;
    const instead = option === "shell" ? settings["fallback-shell"] : "/bin/sh";
    const sentence = `${path}: ${option} is ${shell}, which is no program that every user may run; ${instead} takes its place`;
    const cure = `install ${shell}, or edit ${path}: name another program as ${option}`;
    findings.push(option === "shell" ? problem(sentence, cure) : warning(sentence, cure));
  }
  return findings;
}
