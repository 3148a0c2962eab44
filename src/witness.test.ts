import { expect, test } from "vitest";
import { native } from "./terminal/native.ts";
import { toldBy } from "./witness.ts";

const strings = (...words: string[]): Buffer => Buffer.from(words.map((word) => `${word}\0`).join(""));

function told(script: string): { readonly text: string | undefined; readonly isGone: boolean } {
  const ends = new Int32Array(2);
  native.pipe(ends);
  const [read = -1, write = -1] = ends;
  const stdio = Int32Array.of(-1, write, -1);
  const [path, argv] = [strings("/bin/sh"), strings("sh", "-c", script)];
  const limits = new BigUint64Array(2);
  const pid = native.spawn(path, argv, new Uint8Array(), stdio, new Int32Array(), limits, Int32Array.of(-1), -1, 0);
  native.closeDescriptor(write);
  const text = toldBy(native, pid, read);
  native.closeDescriptor(read);
  return { text, isGone: native.wait(pid, new Int32Array(2)) < 0 };
}

test.each<[string, string, string | undefined]>([
  ["what it says in pieces", "printf one; printf two", "onetwo"],
  ["nothing", ":", ""],
  ["nothing that counts where it fails", "echo one; exit 1", undefined],
  ["nothing that counts where a signal ends it", "echo one; kill -KILL $$", undefined],
  ["nothing where it is stopped", "echo one; kill -STOP $$; echo two", undefined],
  ["nothing where it is stopped at its end", "echo one; exec >&-; kill -STOP $$", undefined],
  ["nothing where it has no end", "exec tail -f /dev/zero", undefined],
])("a child tells %s, and is gone", (_, script, text) => {
  expect(told(script)).toEqual({ text, isGone: true });
});
