/** Timing of script(1): the classic "DELAY BYTES", and the advanced lines that begin with a letter (scriptreplay(1), script.c). */

export type TimingRecord =
  | { readonly kind: "output" | "input"; readonly afterUs: number; readonly bytes: number }
  | { readonly kind: "window"; readonly afterUs: number; readonly columns: number; readonly rows: number }
  | { readonly kind: "signal"; readonly afterUs: number; readonly name: string }
  | { readonly kind: "header"; readonly name: string; readonly value: string };

/** Null for what is no record. */
export function parseTimingLine(line: string): TimingRecord | null {
  const [, mark = "O", delay = "", rest = ""] = /^(?:([HIOS]) )?(\d{1,10}(?:\.\d{1,9})?) (.*)$/s.exec(line) ?? [];
  if (delay === "") return null;
  const afterUs = Math.round(Number(delay) * 1e6);
  if (mark === "H") {
    const [, name, value = ""] = /^([A-Z_]+)(?: (.*))?$/s.exec(rest) ?? [];
    return name === undefined ? null : { kind: "header", name, value };
  }
  if (mark === "S") return signalOf(rest, afterUs);
  if (!/^\d{1,12}$/.test(rest)) return null;
  return { kind: mark === "I" ? "input" : "output", afterUs, bytes: Number(rest) };
}

function signalOf(rest: string, afterUs: number): TimingRecord | null {
  const [, name, rows, columns] = /^(SIG[A-Z0-9+]+)(?: ROWS=(\d{1,5}) COLS=(\d{1,5}))?/.exec(rest) ?? [];
  if (name === undefined) return null;
  if (rows === undefined || columns === undefined) return { kind: "signal", afterUs, name };
  return { kind: "window", afterUs, columns: Number(columns), rows: Number(rows) };
}
