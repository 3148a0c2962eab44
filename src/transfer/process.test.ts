/** What the kernel tells of processes. */
import { spawn } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { descendants, mapsOf, readProcess } from "./process.ts";
import { isLoaded, RootsFiles } from "./roots-files.ts";
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
  ["code that was written over", "1-2 r-xp 0 08:01 5    /bin/sh (changed)\n", false],
  ["vdso that was written over", "4-5 r-xp 0 00:00 0    [vdso] (changed)\n", false],
  ["a memory file", "1-2 r-xp 0 00:01 5    /memfd:x (deleted)\n", false],
])("%s", (_, maps, isRoots) => {
  expect(new RootsFiles().isCode(maps)).toBe(isRoots);
});

test("a program whose loader has not come to its libraries is not loaded", () => {
  const begun = "1-2 r-xp 0 08:01 5    /bin/scp\n2-3 r-xp 0 08:01 6    /lib/ld.so\n3-4 r-xp 0 08:01 6    /lib/ld.so\n";
  expect(isLoaded(`${begun}4-5 r--p 0 08:01 7    /lib/libc.so.6\n5-6 r-xp 0 00:00 0    [vdso]\n`)).toBe(false);
  expect(isLoaded(`${begun}4-5 r-xp 0 08:01 7    /lib/libc.so.6\n`)).toBe(true);
});

test("what is mapped, of smaps: code in pages of its own, or in swap, has changed", () => {
  const mapping = (address: string, permissions: string, file: string, anonymous: number, swap = 0): string =>
    `${address} ${permissions} 0 08:01 5    ${file}\nSize:  4 kB\nAnonymous:   ${anonymous} kB\nSwap:    ${swap} kB\nVmFlags: rd ex\n`;
  const smaps =
    mapping("a1-a2", "r-xp", "/bin/sh", 0) +
    mapping("a2-a3", "r-xp", "/bin/sh", 4) +
    mapping("a3-a4", "r-xp", "/bin/sh", 0, 16) +
    mapping("a4-a5", "rw-p", "/bin/sh", 8);
  expect(mapsOf(smaps).split("\n")).toEqual([
    "a1-a2 r-xp 0 08:01 5    /bin/sh",
    "a2-a3 r-xp 0 08:01 5    /bin/sh (changed)",
    "a3-a4 r-xp 0 08:01 5    /bin/sh (changed)",
    "a4-a5 rw-p 0 08:01 5    /bin/sh",
  ]);
  const own = mapsOf(readFileSync("/proc/self/smaps", "latin1")).split("\n");
  const told = readFileSync("/proc/self/maps", "latin1").trimEnd().split("\n");
  const places = (lines: string[]): string[] =>
    lines.filter((line) => line.includes("/")).map((line) => line.replace(" (changed)", ""));
  expect(places(own)).toEqual(places(told));
});
