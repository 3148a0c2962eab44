/** What the tests of recctl share: the built program, and folders of recordings. */
import { spawnSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatRecordingName } from "../../src/catalog/name.ts";
import { root } from "../harness/recorder.ts";
import { endOf, message, start } from "./play-program.ts";

export const recctl = join(root, "bin/recctl");
export const boot = "b74aff806489400b9d121ed6589afff9";
const day = 24 * 3600 * 1000;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function administer(args: readonly string[], env: NodeJS.ProcessEnv = { HOME: "/nonexistent" }): Outcome {
  const { status, stdout, stderr } = spawnSync(recctl, args, { env });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** A whole recording of that pid and user which ended so many days ago; the path of its file. */
export function addRecording(folder: string, { pid, user = "alice", days = 0, out = "hi" }: RecordingFields): string {
  const rec = `${boot}-${pid}-1`;
  const startedMs = Date.now() - days * day - 2000;
  const path = join(folder, formatRecordingName({ startedMs, user, rec }));
  const first = {
    ...JSON.parse(message({ id: 1, timing: `>${out.length}`, out, rec, start })),
    user,
    time: startedMs / 1000,
  };
  const last = { ...JSON.parse(message({ id: 2, timing: "", rec, end: endOf(2) })), user, time: startedMs / 1000 };
  writeFileSync(path, `${JSON.stringify(first)}\n${JSON.stringify(last)}\n`);
  utimesSync(path, (Date.now() - days * day) / 1000, (Date.now() - days * day) / 1000);
  return path;
}

interface RecordingFields {
  readonly pid: number;
  readonly user?: string;
  readonly days?: number;
  readonly out?: string;
}
