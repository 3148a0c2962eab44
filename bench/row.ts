/** A row of the results: what was measured, every sample, the figure of each contestant, and the goals. */
import type { Samples } from "./bench.ts";
import type { Name } from "./contestant.ts";

type Figures = Partial<Record<Name, number>>;

export interface Goal {
  /** As in "rec / tlog-rec >= 2.2". */
  readonly text: string;
  /** Undefined where a contestant is missing. */
  readonly reached: number | undefined;
  readonly isMet: boolean | undefined;
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly samples: Samples;
  readonly figures: Figures;
  readonly goals: readonly Goal[];
}

type Bound = ">=" | "<=";

/** A goal to be: ours over another's, or ours as it is. */
export interface Aim {
  readonly over?: Name;
  readonly bound: Bound;
  readonly limit: number;
}

/** `pick` makes the figure out of a contestant's samples. */
export function rowOf(
  { what, unit, samples }: Pick<Row, "what" | "unit" | "samples">,
  aims: readonly Aim[],
  pick = median,
): Row {
  const figures: Figures = {};
  for (const [name, list] of Object.entries(samples) as [Name, number[]][]) figures[name] = pick(list);
  return { what, unit, samples, figures, goals: aims.map((aim) => judge(aim, figures)) };
}

function judge({ over, bound, limit }: Aim, figures: Figures): Goal {
  const ours = figures.rec;
  const theirs = over === undefined ? 1 : figures[over];
  const text = `${over === undefined ? "rec" : `rec / ${over}`} ${bound} ${limit}`;
  if (ours === undefined || theirs === undefined) return { text, reached: undefined, isMet: undefined };
  const reached = ours / theirs;
  return { text, reached, isMet: bound === ">=" ? reached >= limit : reached <= limit };
}

export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** Between the two nearest figures where it falls between them. */
export function quantile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** For bounds that must hold in every round. */
export function worst(figures: readonly number[]): number {
  return Math.max(...figures);
}
