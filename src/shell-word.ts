/** Words for a shell: what is printed for people to paste. */

/** One word, whatever it holds; what printable() would escape is what bash and zsh make again of `$'...'`. */
export function shellWord(word: string): string {
  // A "=" in front is zsh's way to name a command's path.
  if (/^[\w./:@%+,-][\w./:@%+=,-]*$/.test(word)) return word;
  if (/\p{Cc}/u.test(word)) return `$'${word.replaceAll(/[\\']/g, "\\$&").replaceAll(/\p{Cc}/gu, hex)}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function hex(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
