/** Journal matches, as tlog's -M takes them, to the words in which journalctl takes them. */
import { RecError } from "../errors.ts";

/** Values by field: any value of a field, but all the fields. */
type Term = ReadonlyMap<string, ReadonlySet<string>>;

/** sd_journal_add_match takes no others: names of journald's own bookkeeping begin with two underscores. */
const symbol = /^(?!__)([A-Z0-9_]+)=/;

/** More combinations than this are a mistake, or an attack on whoever pastes them. */
const maxTerms = 256;

/** Whether it is FIELD=value, OR or AND; anything else may be a recording's id. */
export function isMatchSymbol(text: string): boolean {
  return symbol.test(text) || /^(?:or|and)$/i.test(text);
}

/**
 * Alternatives, as journalctl's words without the "+" between them. Values of one field are alternatives, different fields
 * belong together; OR separates alternatives, AND binds weakest, as with tlog. Throws REC_JOURNAL_MATCH.
 */
export function matchAlternatives(symbols: readonly string[]): string[][] {
  let terms: Term[] = [];
  let all: Term[] | null = null;
  let term = new Map<string, Set<string>>();
  const endTerm = (): void => {
    if (term.size > 0) terms.push(term);
    term = new Map();
  };
  const endAlternatives = (at: string): void => {
    endTerm();
    if (terms.length > 0) all = all === null ? terms : conjunction(all, terms, at);
    terms = [];
  };
  for (const text of symbols) {
    if (/^or$/i.test(text)) endTerm();
    else if (/^and$/i.test(text)) endAlternatives(text);
    else add(term, text);
  }
  endAlternatives("AND");
  if (all === null && symbols.length > 0) {
    throw new RecError("REC_JOURNAL_MATCH", { match: symbols.join(" "), why: "it names no FIELD=VALUE" });
  }
  return (all ?? []).map(words);
}

/** The alternatives, each with one more field to match, as journalctl takes them. */
export function matchWords(alternatives: readonly (readonly string[])[], also: readonly string[] = []): string[] {
  if (alternatives.length === 0) return [...also];
  return alternatives.flatMap((alternative, index) => [...(index === 0 ? [] : ["+"]), ...alternative, ...also]);
}

function add(term: Map<string, Set<string>>, text: string): void {
  const name = symbol.exec(text)?.[1];
  if (name === undefined) {
    throw new RecError("REC_JOURNAL_MATCH", {
      match: text,
      why: "it is not FIELD=VALUE, OR or AND, FIELD being of A-Z, 0-9 and _",
    });
  }
  const values = term.get(name) ?? new Set();
  term.set(name, values.add(text));
}

/** journalctl has no word for AND: each alternative of one side goes with each of the other. */
function conjunction(left: readonly Term[], right: readonly Term[], at: string): Term[] {
  if (left.length * right.length > maxTerms) {
    throw new RecError("REC_JOURNAL_MATCH", { match: at, why: `it makes more than ${maxTerms} combinations` });
  }
  return left.flatMap((a) => right.map((b) => both(a, b, at)));
}

function both(a: Term, b: Term, at: string): Term {
  const term = new Map(a);
  for (const [name, values] of b) {
    const other = term.get(name);
    // In one alternative two values of a field mean either, so "both" cannot be said.
    if (other !== undefined && (other.size !== values.size || [...values].some((value) => !other.has(value)))) {
      throw new RecError("REC_JOURNAL_MATCH", {
        match: at,
        why: `journalctl cannot match different values of ${name} on both sides`,
      });
    }
    term.set(name, values);
  }
  return term;
}

function words(term: Term): string[] {
  return [...term.values()].flatMap((values) => [...values]);
}
