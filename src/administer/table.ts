/** The table of recctl's subcommands, in the order of --help. A new one is a file and a line here; its code is loaded when it is asked for. */
import type { Subcommand } from "./subcommand.ts";

const table: ReadonlyMap<string, () => Promise<Subcommand>> = new Map([
  ["list", async () => (await import("./list.ts")).list],
  ["enable", async () => (await import("./enable.ts")).enable],
  ["disable", async () => (await import("./disable.ts")).disable],
  ["status", async () => (await import("./status.ts")).status],
  ["search", async () => (await import("./search.ts")).search],
  ["show", async () => (await import("./show.ts")).show],
  ["delete", async () => (await import("./delete.ts")).deleteRecording],
  ["prune", async () => (await import("./prune.ts")).prune],
  ["doctor", async () => (await import("./doctor.ts")).doctor],
  ["export", async () => (await import("./export.ts")).exportRecording],
  ["import", async () => (await import("./import.ts")).importRecordings],
]);

/** Undefined where there is no such subcommand. */
export async function subcommandNamed(name: string): Promise<Subcommand | undefined> {
  return await table.get(name)?.();
}

export const subcommandNames: readonly string[] = [...table.keys()];

/** All of them, for --help, the man page and completion. */
export async function everySubcommand(): Promise<Subcommand[]> {
  return await Promise.all([...table.values()].map(async (load) => await load()));
}
