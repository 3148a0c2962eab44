/** What the kernel tells of processes. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, readlinkSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../test/harness/recorder.ts";
import { native } from "../terminal/native.ts";
import { readProcesses } from "./process.ts";
import { isLoaded, RootsFiles } from "./roots-files.ts";
import { type Sight, sightOf } from "./sight.ts";

const uid = process.getuid?.() ?? -1;
const nobody = (): undefined => undefined;
const told = Buffer.alloc(1 << 18);
const mappedAs = (path: string): string | undefined => {
  const place = Buffer.alloc(64);
  const length = native.mappedAs(Buffer.from(`${path}\0`), place);
  return length < 0 ? undefined : place.toString("latin1", 0, length);
};

/** What a look tells of all that descends from it. */
function look(pid: number, most = 10, bytes = told): Buffer | undefined {
  const length = native.look(pid, most, bytes);
  return length < 0 ? undefined : bytes.subarray(0, length);
}

/** A shell and what descends from it, once that runs sleep. */
async function family(script = "sleep 100 & wait"): Promise<{ pid: number; child: number }> {
  const shell = spawn("/bin/sh", ["-c", script], { stdio: "ignore" });
  const pid = shell.pid ?? 0;
  for (;;) {
    const found = readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody);
    const child = found.find((process) => process?.command[0] === "sleep")?.pid;
    if (child !== undefined) {
      onTestFinished(() => {
        process.kill(child);
        shell.kill();
      });
      return { pid, child };
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("a process that descends from another: file, arguments, code; only of that user, untraced", async () => {
  const { pid, child } = await family();
  const [sleeper, ...others] = readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody);
  expect(others).toEqual([]);
  expect(sleeper).toMatchObject({ pid: child, command: ["sleep", "100"], image: { path: realpathSync("/bin/sleep") } });
  const stat = readFileSync(`/proc/${child}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
  expect(sleeper).toMatchObject({ childFaults: stat[8], startTime: stat[19] });
  expect(sleeper?.image?.mounts).toBe(readlinkSync("/proc/self/ns/mnt"));
  // A program that has just begun maps more.
  const maps = (): string | undefined => readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody)[0]?.image?.maps;
  await expect.poll(() => maps() === readFileSync(`/proc/${child}/maps`, "latin1")).toBe(true);
  expect(readProcesses(look(pid) ?? Buffer.alloc(0), uid + 1, nobody)).toEqual([undefined]);
});

test("what a mount of the user's own calls root's is not root's", (context) => {
  if (spawnSync("sh", ["-c", "command -v bindfs && test -w /dev/fuse"]).status !== 0)
    context.skip("no bindfs, or no FUSE");
  const folder = temporaryFolder();
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  mkdirSync(from);
  mkdirSync(to);
  writeFileSync(join(from, "x.so"), "", { mode: 0o755 });
  chownSync(join(from, "x.so"), 65534, 65534);
  execFileSync("bindfs", ["-u", "root", "-p", "0755", from, to]);
  onTestFinished(() => void execFileSync("umount", [to]));
  expect(statSync(join(to, "x.so"))).toMatchObject({ uid: 0, mode: 0o100755 });
  expect(new RootsFiles(mappedAs).file(join(to, "x.so"))).toBeUndefined();
  expect(new RootsFiles(mappedAs).file("/usr/bin/env")).toMatch(/^\d+ \d+$/);
});

test("what cannot be told whole is not told", async () => {
  const { pid } = await family();
  expect(look(pid, 0)).toBeUndefined();
  expect(look(4_194_305)).toBeUndefined();
  for (const size of [0, 7, 100]) expect(look(pid, 10, Buffer.alloc(size))).toBeUndefined();
});

test("children and their children are told, parents first", async () => {
  const { pid, child } = await family("sh -c 'sleep 100 & wait; exit' & wait; exit");
  const found = readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody);
  expect(found.map((process) => process?.command[0])).toEqual(["sh", "sleep"]);
  expect(found[1]?.pid).toBe(child);
  expect(look(pid, 1)).toBeUndefined();
});

test("one that has ended has no image, and is no other program", async () => {
  const { pid, child } = await family("sleep 100 & exec sleep 100");
  const programs = [realpathSync("/bin/sleep")];
  const see = (): Sight | "ended" | undefined =>
    sightOf(look(pid) ?? Buffer.alloc(0), { child, uid, programs, witness: nobody }, new RootsFiles(mappedAs));
  expect(readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody)[0]?.image).not.toBeNull();
  process.kill(child);
  await expect.poll(() => readProcesses(look(pid) ?? Buffer.alloc(0), uid, nobody)[0]?.image).toBeNull();
  expect(see()).toBe("ended");
  expect(sightOf(Buffer.alloc(0), { child, uid, programs, witness: nobody }, new RootsFiles(mappedAs))).toBe("ended");
});

test("one whose first thread alone has ended has not", async () => {
  const folder = temporaryFolder();
  const source = `#include <pthread.h>
#include <unistd.h>
static void *stay(void *none) { for (;;) pause(); return none; }
int main(void) { pthread_t thread; pthread_create(&thread, 0, stay, 0); write(1, "x", 1); pthread_exit(0); }`;
  writeFileSync(join(folder, "hide.c"), source);
  execFileSync("cc", ["-pthread", "-o", join(folder, "hide"), join(folder, "hide.c")]);
  const shell = spawn("/bin/sh", ["-c", `${join(folder, "hide")} & wait`], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => shell.stdout.once("data", resolve));
  const children = (): string => readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "latin1");
  const hidden = Number(children());
  onTestFinished(() => {
    process.kill(hidden, "SIGKILL");
    shell.kill();
  });
  await expect.poll(() => readFileSync(`/proc/${hidden}/stat`, "latin1")).toMatch(/\) Z /);
  expect(readProcesses(look(shell.pid ?? 0) ?? Buffer.alloc(0), uid, nobody)).toEqual([undefined]);
});

test("a sight of a session is one of its processes when all run a program of the list", async () => {
  const { pid, child } = await family();
  const programs = [realpathSync("/bin/sleep"), "/no/such"];
  const see = (): Sight | "ended" | undefined =>
    sightOf(look(pid) ?? Buffer.alloc(0), { child, uid, programs, witness: nobody }, new RootsFiles(mappedAs));
  // Not before its libraries are loaded.
  await expect.poll(() => see()).toMatchObject({ command: ["sleep", "100"] });
  expect(see()).toHaveProperty("processes.size", 1);
  programs.shift();
  expect(see()).toBeUndefined();
});

test.each([
  [
    "programs and libraries of root's",
    "1-2 r-xp 0 08:01 5    /bin/sh\n2-3 rw-p 0 00:00 0\n4-5 r-xp 0 00:00 0    [vdso]\n",
    true,
  ],
  ["code without a file", "1-2 r-xp 0 08:01 5    /bin/sh\n2-3 rwxp 0 00:00 0\n", false],
  ["code on the heap", "2-3 rwxp 0 00:00 0    [heap]\n", false],
  ["another file, mounted over it elsewhere", "1-2 r-xp 0 00:2f 5    /bin/sh\n", false],
  ["another file of that device", "1-2 r-xp 0 08:01 55    /bin/sh\n", false],
  ["a file that is gone", "1-2 r-xp 0 08:01 5    /bin/sh (deleted)\n", false],
  ["code that was written over", "1-2 r-xp 0 08:01 5    /bin/sh (changed)\n", false],
  ["vdso that was written over", "4-5 r-xp 0 00:00 0    [vdso] (changed)\n", false],
  ["a memory file", "1-2 r-xp 0 00:01 5    /memfd:x (deleted)\n", false],
])("%s", (_, maps, isRoots) => {
  const roots = new RootsFiles((path) => (path === "/bin/sh" ? "08:01 5" : undefined));
  expect(roots.isCode(maps)).toBe(isRoots);
});

test("more pieces of code than a transfer has are not asked for", () => {
  let asked = 0;
  const roots = new RootsFiles(() => {
    asked++;
    return "08:01 5";
  });
  const pieces = (count: number): string =>
    Array.from({ length: count }, (_, i) => `${i}-${i + 1} r-xp 0 08:01 5    /bin/sh\n`).join("");
  expect([roots.isCode(pieces(256)), asked]).toEqual([true, 256]);
  expect([roots.isCode(pieces(257)), asked]).toEqual([false, 256]);
});

test("a program whose loader has not come to its libraries is not loaded", () => {
  const begun = "1-2 r-xp 0 08:01 5    /bin/scp\n2-3 r-xp 0 08:01 6    /lib/ld.so\n3-4 r-xp 0 08:01 6    /lib/ld.so\n";
  expect(isLoaded(`${begun}4-5 r--p 0 08:01 7    /lib/libc.so.6\n5-6 r-xp 0 00:00 0    [vdso]\n`)).toBe(false);
  expect(isLoaded(`${begun}4-5 r-xp 0 08:01 7    /lib/libc.so.6\n`)).toBe(true);
});

/** What is mapped in a program of this source, once it has written to its stdout. */
async function mapsOf(source: string, ...args: string[]): Promise<string> {
  const program = join(temporaryFolder(), "over");
  writeFileSync(`${program}.c`, source);
  execFileSync("cc", ["-o", program, `${program}.c`]);
  const shell = spawn("/bin/sh", ["-c", `${program} ${args.join(" ")} & wait`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void shell.kill());
  await new Promise((resolve) => shell.stdout.once("data", resolve));
  const [found] = readProcesses(look(shell.pid ?? 0) ?? Buffer.alloc(0), uid, nobody);
  process.kill(found?.pid ?? 0);
  return found?.image?.maps ?? "";
}

test("code that was written over is told, also where it is as before", async () => {
  const source = `#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char *page = (char *)((uintptr_t)main & ~4095ul);
  if (argc > 1) {
    mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
    *(volatile char *)page = *(volatile char *)page;
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
  }
  write(1, "x", 1);
  return pause();
}`;
  expect(await mapsOf(source)).not.toContain("(changed)");
  expect(await mapsOf(source, "x")).toMatch(/^.* r.xp .*over \(changed\)$/m);
});

test("more code than is looked at counts as written over, and of much that was the first is told", async () => {
  const source = `#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv) {
  size_t size = (size_t)1 << atoi(argv[1]);
  char *code = mmap(0, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  for (int i = 0; i < 9 && argc > 2; i++) mprotect(code + i * 8192, 4096, PROT_READ | PROT_EXEC), code[i * 8192 + 4096] = 1;
  write(1, "x", 1);
  return pause();
}`;
  expect(await mapsOf(source, "27")).not.toContain("(changed)");
  expect(await mapsOf(source, "46")).toMatch(/ rwxp .* \(changed\)$/m);
  expect((await mapsOf(source, "27", "x")).split("(changed)")).toHaveLength(2);
});
