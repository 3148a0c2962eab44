/** The help that the player shows over the screen. */

export interface Key {
  readonly keys: readonly string[];
  readonly help: string;
}

/** A line for each key, as wide as it must be. */
export function helpLines(keys: readonly Key[]): string[] {
  const names = keys.map((key) => key.keys.join("  "));
  const width = Math.max(...names.map((name) => name.length)) + 3;
  const lines = keys.map(({ help }, index) => `${(names[index] ?? "").padEnd(width)}${help}`);
  return ["", ...lines, "", "any key leaves this help", ""];
}
