import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.ts";

test("a word is for bash what it was, and holds no control character", () => {
  const words = [
    "",
    "a",
    "=ls",
    "a=b",
    "~",
    "my dir/x",
    "it's",
    "a\\'b",
    "a\u001b[2J\n\t\u0085b",
    "$(id)",
    "é*?[!]#;&|",
  ];
  const text = words.map(shellWord).join(" ");
  expect(text).not.toMatch(/\p{Cc}/u);
  const said = execFileSync("bash", ["-c", `printf '%s\\0' ${text}`], { env: { LC_ALL: "C.UTF-8" } }).toString();
  expect(said.split("\0").slice(0, -1)).toEqual(words);
  expect(shellWord("a/b.c@d:1%+,-=")).toBe("a/b.c@d:1%+,-=");
});
