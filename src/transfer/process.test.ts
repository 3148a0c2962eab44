/** What the kernel tells of processes. */
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { descendants, readProcess } from "./process.ts";
import { RootsFiles } from "./roots-files.ts";
import { lookAt } from "./sight.ts";

const uid = process.getuid?.() ?? -1;
const nobody = (): undefined => undefined;

test("a process of ours: file, arguments, code", () => {
  const own = readProcess(process.pid, uid, nobody);
  expect(own?.image.path).toBe(process.execPath);
  expect(own?.command[0]).toBe(process.argv0);
  expect(readProcess(process.pid, uid + 1, nobody)).toBeUndefined();
  expect(readProcess(4_194_305, uid, nobody)).toBeUndefined();
});

test("children and their children are found; too many are none", async () => {
  const child = spawn("/bin/sh", ["-c", "sleep 100 & wait"], { stdio: "ignore" });
  onTestFinished(() => {
    for (const pid of descendants(child.pid ?? 0, 10) ?? []) process.kill(pid);
    child.kill();
  });
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const look = (): void => {
    const found = descendants(child.pid ?? 0, 10) ?? [];
    if (found.length === 1) resolve(found);
    else setTimeout(look, 2);
  };
  look();
  const [sleeper = 0] = await promise;
  expect(readProcess(sleeper, uid, nobody)).toBeDefined();
  expect(descendants(process.pid, 0)).toBeUndefined();
  expect(descendants(4_194_305, 10)).toBeUndefined();
});

test("a sight of a session is one of its processes when all run a program of the list", async () => {
  const recorder = spawn("/bin/sh", ["-c", "sleep 100 & wait"], { stdio: "ignore" });
  const pid = recorder.pid ?? 0;
  onTestFinished(() => {
    for (const descendant of descendants(pid, 10) ?? []) process.kill(descendant);
    recorder.kill();
  });
  const programs = [realpathSync("/bin/sleep"), "/no/such"];
  const look = () =>
    lookAt({ recorder: pid, child: descendants(pid, 10)?.[0] ?? 0, uid, programs, witness: nobody }, new RootsFiles());
  while (look() === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(look()?.command).toEqual(["sleep", "100"]);
  expect(look()?.processes.size).toBe(1);
  programs.shift();
  expect(look()).toBeUndefined();
});

test.each([
  [
    "programs and libraries of root's",
    "1-2 r-xp 0 08:01 5    /bin/sh\n2-3 rw-p 0 00:00 0\n4-5 r-xp 0 00:00 0    [vdso]\n",
    true,
  ],
  ["code without a file", "1-2 r-xp 0 08:01 5    /bin/sh\n2-3 rwxp 0 00:00 0\n", false],
  ["code on the heap", "2-3 rwxp 0 00:00 0    [heap]\n", false],
  ["a file that is gone", "1-2 r-xp 0 08:01 5    /bin/sh (deleted)\n", false],
  ["a memory file", "1-2 r-xp 0 00:01 5    /memfd:x (deleted)\n", false],
])("%s", (_, maps, isRoots) => {
  expect(new RootsFiles().isCode(maps)).toBe(isRoots);
});
