/** Many sessions at once: what each recorder holds alone, and whether all of them are whole afterwards. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Guest } from "../../test/system/guest.ts";
import { median } from "../row.ts";
import type { Figure } from "./figure.ts";
import { bootMeasuredServer } from "./server.ts";

const sessions = 50;
const maxPrivateMb = 12;

export async function measureMemory(): Promise<Figure[]> {
  const server = await bootMeasuredServer();
  const { guest } = server;
  try {
    const accounts = await Promise.all(Array.from({ length: sessions }, () => server.account()));
    const command = "seq 20000; touch up; until [ -e down ]; do sleep 0.2; done; echo end-$((40+2))";
    const running = accounts.map(({ name }) => guest.run(["ssh", "-tt", `${name}@localhost`, command]));
    await guest.run(`until [ $(ls /home/*/up | wc -l) = ${sessions} ]; do sleep 0.2; done; sleep 2`);
    const bytes = recorders(guest).map(memoryOf);
    await guest.run("for home in /home/user*; do touch $home/down; done");
    await Promise.all(running);
    let whole = 0;
    for (const account of accounts) {
      const { status, stdout } = await account.played();
      if (status === 0 && stdout.includes("end-42")) whole++;
    }
    const largest = Math.max(...bytes.map(({ alone }) => alone));
    const shown = `${mb(median(bytes.map(({ alone }) => alone)))} (largest ${mb(largest)}; Pss ${mb(median(bytes.map(({ pss }) => pss)))})`;
    return [
      {
        what: `private memory of each of ${bytes.length} recorders at once`,
        recorded: shown,
        goal: `<= ${maxPrivateMb} MB`,
        isMet: bytes.length === sessions && largest <= maxPrivateMb * 1e6,
      },
      { what: "whole recordings of them", recorded: `${whole}`, goal: `${sessions}`, isMet: whole === sessions },
    ];
  } finally {
    await guest.stop();
  }
}

/** As we see them: the processes of the guest that run our node. */
function recorders(guest: Guest): number[] {
  const namespace = readlinkSync(`/proc/${guest.pid}/ns/pid`);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && isRecorder(pid, namespace));
}

function isRecorder(pid: number, namespace: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/exe`) === "/usr/lib/rec-session/node" &&
      readlinkSync(`/proc/${pid}/ns/pid`) === namespace
    );
  } catch {
    return false;
  }
}

function memoryOf(pid: number): { readonly alone: number; readonly pss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(rollup)?.[1]);
  return { alone: (kilobytes("Private_Clean") + kilobytes("Private_Dirty")) * 1024, pss: kilobytes("Pss") * 1024 };
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
