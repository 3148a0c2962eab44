/** The results as an aligned table: a line for each goal, the figures on the first line of a row. */
import { names } from "./contestant.ts";
import type { Goal, Row } from "./row.ts";

const heads = ["measured", "unit", "bare", "script", "tlog-rec", "rec", "goal", "reached", ""];
/** Words to the left, figures to the right. */
const isFigure = [false, false, true, true, true, true, false, true, false];

export function tableOf(rows: readonly Row[]): string {
  const lines = [heads, ...rows.flatMap(linesOf)];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]): string =>
    line.map((cell, i) => (isFigure[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join("  ");
  return lines.map((line) => `${text(line).trimEnd()}\n`).join("");
}

function linesOf(row: Row): string[][] {
  const figures = names.map((name) => shortened(row.figures[name]));
  const [first, ...others] = row.goals;
  const blank = ["", "", ...figures.map(() => "")];
  return [[row.what, row.unit, ...figures, ...verdict(first)], ...others.map((goal) => [...blank, ...verdict(goal)])];
}

function verdict(goal: Goal | undefined): string[] {
  if (goal === undefined) return ["", "", ""];
  const word = goal.isMet === undefined ? "not measured" : goal.isMet ? "ok" : "MISSED";
  return [goal.text, goal.reached?.toFixed(2) ?? "-", word];
}

/** Three figures, or all before the point. */
function shortened(figure: number | undefined): string {
  if (figure === undefined) return "-";
  return figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}
