/** The table of abseil's that a recorder gives back: whether it is gone, and whether V8 goes on without. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { recorderFlags } from "../../scripts/native.ts";
import { addonPath } from "../../src/terminal/native.ts";

/** Threads of V8 and Node that lock and unlock, before, meanwhile and after. */
const program = `
  const { readFileSync } = require("node:fs");
  const { Worker } = require("node:worker_threads");
  const { randomBytes, pbkdf2 } = require("node:crypto");
  const addon = { exports: {} };
  process.dlopen(addon, ${JSON.stringify(addonPath)});
  const own = () => Number(/Private_Dirty: +([0-9]+)/.exec(readFileSync("/proc/self/smaps_rollup", "latin1"))[1]);
  const work = () => new Worker("let sum = 0; for (let i = 0; i < 1e6; i++) sum += [i].length; process.exit(7)", { eval: true });
  const isBusy = process.argv.includes("busy");
  const busy = isBusy ? [work(), work()] : [];
  if (isBusy) pbkdf2(randomBytes(8), "salt", 10000, 8, "sha256", () => {});
  own();
  const before = own();
  const bytes = addon.exports.freeLockTable();
  const after = own();
  const again = addon.exports.freeLockTable();
  const all = [...busy, work(), work()].map((worker) => new Promise((resolve) => worker.on("exit", resolve)));
  Promise.all(all).then((exits) => console.log(JSON.stringify({ bytes, again, exits, fell: before - after })));
`;

function run(...args: string[]): { bytes: number; again: number; exits: number[]; fell: number } {
  const told = execFileSync(process.execPath, [...recorderFlags, "-e", program, ...args], { encoding: "latin1" });
  return JSON.parse(told);
}

test("a megabyte is the kernel's again, once", () => {
  const { bytes, again, fell, exits } = run();
  expect(bytes).toBeGreaterThan(900_000);
  expect(again).toBe(0);
  expect(fell).toBeGreaterThan(900);
  expect(exits).toEqual([7, 7]);
});

test("threads that lock meanwhile go on", () => {
  for (let round = 0; round < 5; round++) expect(run("busy").exits).toEqual([7, 7, 7, 7]);
});
