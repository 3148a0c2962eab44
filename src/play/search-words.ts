/** Words that are searched for, to the expression that is meant. */

/** As people mean it: capital letters are told apart only where there are some. Throws SyntaxError. */
export function expressionOf(words: string): RegExp {
  const isExact = /\p{Lu}/u.test(words.replace(/\\./g, ""));
  return new RegExp(words, isExact ? "g" : "gi");
}
