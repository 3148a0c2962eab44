/** What the administrator, or systemd, allows a session: too little of it is told, and never a recording that silently is not there. */
import { existsSync, rmdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import type { Account } from "./account.ts";
import type { Result } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();
const hierarchies = "/sys/fs/cgroup";
const group = `rec-test-limits-${process.pid}`;

beforeEach((context) => {
  // As the guest is started, its systemd has no controllers of its own.
  if (!existsSync(`${hierarchies}/pids/cgroup.procs`))
    context.skip("this host has no hierarchies of cgroups version 1");
});

beforeAll(async () => {
  if (server() === undefined) return;
  for (const controller of ["pids", "memory"]) {
    const folder = `${hierarchies}/${controller}`;
    await server().guest.run(`mount -o remount,bind,rw ${folder} && mkdir ${folder}/${group}`);
  }
});

afterAll(() => {
  // They are the host's.
  for (const controller of ["pids", "memory"]) {
    const folder = `${hierarchies}/${controller}/${group}`;
    if (existsSync(folder)) rmdirSync(folder);
  }
});

/** What `su` runs for him, with so much for it and all that it starts. */
async function within(account: Account, limit: string, value: string, command: string): Promise<Result> {
  const folder = `${hierarchies}/${limit.split(".")[0]}/${group}`;
  const enter = `echo ${value} > ${folder}/${limit} && echo $$ > ${folder}/cgroup.procs`;
  return await server().guest.run(`${enter} && exec su - ${account.name} -c "$COMMAND"`, {
    mayFail: true,
    environment: { COMMAND: command },
  });
}

test("processes, as TasksMax= has it: any number records, or is refused with a sentence", async () => {
  const account = await server().account();
  const refused: number[] = [];
  let recorded = 0;
  for (let most = 3; most <= 18; most++) {
    const { status, stdout, stderr } = await within(account, "pids.max", String(most), "echo mark-$((40+2))");
    if (stdout.toString() === "mark-42\n") {
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      recorded++;
    } else {
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/as many processes as he may|cannot run|fork|temporarily unavailable/);
      refused.push(most);
    }
  }
  expect(recorded).toBeGreaterThan(0);
  // More is never worse.
  expect(refused).toEqual(Array.from(refused, (_, index) => 3 + index));
  const found = await account.ended(recorded);
  expect(found.filter(({ state }) => state === "complete")).toHaveLength(recorded);
});

describe("memory, as MemoryMax= has it", () => {
  const hog = `trap '' PIPE; echo before; sleep 1.5; perl -e '$x = "x" x 700_000_000'; echo after-$((40+2)) | tee after`;

  test("a program that takes too much is killed, and the session goes on", async () => {
    const account = await server().account();
    const { status, stdout } = await within(account, "memory.limit_in_bytes", "256M", hog);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: "before\nafter-42\n" });
    expect((await account.recording()).state).toBe("complete");
    expect((await account.played()).stdout.toString()).toMatch(/before\n(.*Killed.*\n)?after-42\n/);
  });

  test.each([4, 8, 12, 16])("with %i MB a session is recorded, or there is none", async (megabytes) => {
    const account = await server().account();
    const { status, stdout } = await within(account, "memory.limit_in_bytes", `${megabytes}M`, "echo mark-$((40+2))");
    if (status === 0) {
      expect(stdout.toString()).toBe("mark-42\n");
      expect((await account.recording()).state).toBe("complete");
    } else {
      expect(stdout.toString()).toBe("");
      expect(await account.recordings()).toEqual([]);
    }
  });

  test("a recorder that is killed for it ends the session, and the list says so", async () => {
    const account = await server().account();
    const { status, stdout } = await within(account, "memory.limit_in_bytes", "40M", hog);
    // It is the kernel's choice; of these two the recorder is the larger.
    expect(status).not.toBe(0);
    expect(stdout.toString()).toBe("before\n");
    expect((await account.recording()).state).toBe("incomplete");
    const played = await account.played();
    expect({ status: played.status, text: played.stdout.toString() }).toEqual({ status: 3, text: "before\n" });
    // What his shell had started is killed in its turn; the shell does not go on.
    const left = async (): Promise<string> => await server().guest.text(`pgrep -u ${account.name} 'bash|perl' | wc -l`);
    await until(async () => (await left()) === "0", "the end of both");
    expect((await account.as("cat after 2>&1")).stdout.toString()).toContain("No such file");
  });
});
