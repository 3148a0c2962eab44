/** Trigrams: three characters in a row, by which texts that may match a pattern are found without reading all of them. */

/**
 * A trigram is a number: three classes of 7 bits. ASCII characters are classes of their own, capitals as small ones, so that also patterns that
 * ignore case find them; all others are one class.
 */
const otherClass = 0x7f;
const classBits = 7;
const trigramCount = 1 << (3 * classBits);
const mask = trigramCount - 1;

/** Of so many bits each trigram has one, and others with it. */
const markBits = 13;
/** Marks are kept in so many parts: few of them tell of a pattern, and what is kept as one is read as one. */
export const markParts = 32;
/** So many marks are in a part. */
export const marksOfPart = (1 << markBits) / markParts;
/** So many blocks a piece of text has at most: as many bits as a number has. */
export const maxBlocks = 32;

/** What a text must hold to match: trigrams, all or any of them. Null: it may hold anything. */
export type Requirement = number | { readonly all: readonly Requirement[] } | { readonly any: readonly Requirement[] };

function classOf(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit + 0x20;
  return Math.min(unit, otherClass);
}

/** By the marks of trigrams the blocks of a piece that have them, or others with the same mark: a bit for each block. */
export type Marks = Int32Array<ArrayBuffer>;

export function noMarks(): Marks {
  return new Int32Array(1 << markBits);
}

/** Knuth's multiplicative hash: neighbours are far from each other. */
function markOf(trigram: number): number {
  return Math.imul(trigram, 0x9e3779b1) >>> (32 - markBits);
}

/** The trigrams of texts, each once. */
export class Trigrams {
  readonly #seen = new Uint8Array(trigramCount);
  #list: number[] = [];

  /** Marks them as those of that block, too. */
  add(text: string, marks: Marks, block: number): void {
    let trigram = 0;
    const bit = 1 << block;
    for (let at = 0; at < text.length; at++) {
      trigram = ((trigram << classBits) | classOf(text.charCodeAt(at))) & mask;
      if (at < 2) continue;
      marks[markOf(trigram)] = (marks[markOf(trigram)] as number) | bit;
      if (this.#seen[trigram] === 1) continue;
      this.#seen[trigram] = 1;
      this.#list.push(trigram);
    }
  }

  /** All since the last time. */
  take(): readonly number[] {
    const list = this.#list;
    for (const trigram of list) this.#seen[trigram] = 0;
    this.#list = [];
    return list;
  }
}

/** The blocks that may hold a text that matches, a bit for each, by those of single marks. */
export function blocksOf(requirement: Requirement | null, blocksWith: (mark: number) => number): number {
  if (requirement === null) return -1;
  if (typeof requirement === "number") return blocksWith(markOf(requirement));
  if ("all" in requirement) {
    return requirement.all.reduce<number>((blocks, part) => blocks & blocksOf(part, blocksWith), -1);
  }
  return requirement.any.reduce<number>((blocks, part) => blocks | blocksOf(part, blocksWith), 0);
}

/** The marks that tell of a requirement. */
export function marksOf(requirement: Requirement): ReadonlySet<number> {
  if (typeof requirement === "number") return new Set([markOf(requirement)]);
  const parts = "all" in requirement ? requirement.all : requirement.any;
  return new Set(parts.flatMap((part) => [...marksOf(part)]));
}

/** What is written as it is in every text that the expression matches, the longest such; empty where nothing is. */
export function literalOf(source: string): string {
  const parser = new Parser(source);
  parser.alternatives();
  // Half a character is not found in UTF-8.
  const isKnown = parser.isLiteralKnown && !parser.isTooDeep;
  return isKnown && parser.literal.isWellFormed() ? parser.literal : "";
}

/** What every text that the regular expression (of no flag u or v) matches must hold; null where nothing can be said. */
export function requirementOf(source: string): Requirement | null {
  const parser = new Parser(source);
  const requirement = parser.alternatives();
  return parser.isTooDeep ? null : requirement;
}

/** More trigrams of one run narrow no further. */
const maxOfRun = 16;
const maxDepth = 50;

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  /** The longest run of characters outside of groups. */
  literal = "";
  /** Not where one of several alternatives is enough. */
  isLiteralKnown = true;
  /** The rest was not read: there may be alternatives in it. */
  isTooDeep = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** Up to the end, or the parenthesis that closes the group. */
  alternatives(): Requirement | null {
    const any: (Requirement | null)[] = [this.#sequence()];
    while (this.#source[this.#at] === "|") {
      this.#at++;
      if (this.#depth === 0) this.isLiteralKnown = false;
      any.push(this.#sequence());
    }
    const known = any.filter((part) => part !== null);
    if (known.length < any.length) return null;
    return known.length === 1 ? (known[0] as Requirement) : { any: known };
  }

  #sequence(): Requirement | null {
    const all: Requirement[] = [];
    let run = "";
    const endRun = (next = ""): void => {
      all.push(...trigramsOfRun(run));
      if (this.#depth === 0 && run.length > this.literal.length) this.literal = run;
      run = next;
    };
    for (;;) {
      const character = this.#source[this.#at];
      if (character === undefined || character === "|" || character === ")") break;
      const atom = this.#atom();
      const least = this.#quantifier();
      if (atom.kind === "nothing" && least === null) continue;
      if (atom.kind === "character" && least !== 0) {
        run += atom.text;
        // What is repeated ends a run, and may begin one.
        if (least !== null) endRun(atom.text);
        continue;
      }
      endRun();
      if (atom.kind === "group" && least !== 0 && atom.requirement !== null) all.push(atom.requirement);
    }
    endRun();
    if (all.length === 0) return null;
    return all.length === 1 ? (all[0] as Requirement) : { all };
  }

  #atom(): Atom {
    const character = this.#source[this.#at++] as string;
    switch (character) {
      case "^":
      case "$":
        return { kind: "nothing" };
      case ".":
        return { kind: "any" };
      case "[":
        return this.#set();
      case "(":
        return this.#group();
      case "\\":
        return this.#escaped();
      default:
        return { kind: "character", text: character };
    }
  }

  #group(): Atom {
    const [opening = ""] = /^\?(?:<?[=!]|<[^>]*>|[a-z-]*:)/.exec(this.#source.slice(this.#at, this.#at + 1000)) ?? [];
    this.#at += opening.length;
    if (++this.#depth > maxDepth) return this.#giveUp();
    const requirement = this.alternatives();
    this.#depth--;
    this.#at++;
    // What is looked at is not passed: it may lie anywhere.
    return /[=!]$/.test(opening) && !opening.includes(">") ? { kind: "any" } : { kind: "group", requirement };
  }

  #giveUp(): Atom {
    this.isTooDeep = true;
    this.#at = this.#source.length;
    return { kind: "any" };
  }

  #set(): Atom {
    for (; this.#at < this.#source.length && this.#source[this.#at] !== "]"; this.#at++) {
      if (this.#source[this.#at] === "\\") this.#at++;
    }
    this.#at++;
    return { kind: "any" };
  }

  #escaped(): Atom {
    const character = this.#source[this.#at++] ?? "";
    if (character === "b" || character === "B") return { kind: "nothing" };
    if (/[^0-9A-Za-z]/.test(character)) return { kind: "character", text: character };
    // Numbers of characters, groups that are referred to, sets: their digits and names are passed over.
    const rest = this.#source.slice(this.#at, this.#at + 1000);
    const [more = ""] =
      /^(?:(?<=x)|)(?:\{[^}]*\}|<[^>]*>|[0-9A-Fa-f]{1,4})/.exec(/[xuckpP0-9]/.test(character) ? rest : "") ?? [];
    if (character === "c") this.#at++;
    else this.#at += more.length;
    return { kind: "any" };
  }

  /** How often at least what stands before it comes; null without one. */
  #quantifier(): number | null {
    const [text, sign, least] =
      /^(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at, this.#at + 50)) ?? [];
    if (text === undefined) return null;
    this.#at += text.length;
    return sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
  }
}

type Atom =
  | { readonly kind: "character"; readonly text: string }
  | { readonly kind: "group"; readonly requirement: Requirement | null }
  /** Passes characters that are not known. */
  | { readonly kind: "any" }
  /** Passes none. */
  | { readonly kind: "nothing" };

function trigramsOfRun(run: string): readonly number[] {
  const trigrams = new Set<number>();
  for (let at = 0; at + 2 < run.length && trigrams.size < maxOfRun; at++) {
    const [a, b, c] = [0, 1, 2].map((place) => classOf(run.charCodeAt(at + place))) as [number, number, number];
    trigrams.add((a << (2 * classBits)) | (b << classBits) | c);
  }
  return [...trigrams];
}
