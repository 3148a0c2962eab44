/** sshd as it is configured now, by its own word. */
import { failureOf, type Host, type Outcome } from "./host.ts";

export async function isSshdMissing(host: Host): Promise<boolean> {
  return (await host.run("sshd", "-V")).isMissing;
}

/** Why sshd refuses its configuration as it stands on disk; undefined where it takes it. */
export async function sshdComplaint(host: Host): Promise<string | undefined> {
  const outcome = await host.run("sshd", "-t");
  return outcome.status === 0 ? undefined : failureOf("sshd -t", outcome);
}

/** What counts, for a user's sessions or for nobody's in particular: lines as "permituserrc yes". Of root alone: it reads the host's keys. */
export async function sshdSettings(host: Host, user?: string): Promise<Outcome> {
  const connection = user === undefined ? [] : ["-C", `user=${user},host=localhost,addr=127.0.0.1`];
  return await host.run("sshd", "-T", ...connection);
}

export function hasSetting({ stdout }: Outcome, line: string): boolean {
  return stdout.split("\n").includes(line);
}

/** The value, where it has one line. */
export function settingOf({ stdout }: Outcome, name: string): string | undefined {
  return stdout
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1);
}
