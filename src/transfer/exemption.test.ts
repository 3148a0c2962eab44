/** The exemption: what passes unrecorded, and what a doubt brings into the recording after all. */
import { expect, test } from "vitest";
import type { Transfer } from "../format/message.ts";
import { Exemption } from "./exemption.ts";
import { isSame, isServing, type Sight } from "./sight.ts";

class Streams {
  readonly recordsInput = false;
  recorded = "";
  passed: [number, number] = [0, 0];
  transfers: Transfer[] = [];
  output(bytes: Uint8Array): void {
    this.recorded += Buffer.from(bytes).toString();
  }
  input(): void {}
  pass(inBytes: number, outBytes: number): void {
    this.passed = [this.passed[0] + inBytes, this.passed[1] + outBytes];
  }
  transferred(transfer: Transfer): void {
    this.transfers.push(transfer);
  }
}

const sight = (processes: Record<string, string> = { "7 1": "0" }): Sight => ({
  command: ["scp", "-t"],
  processes: new Map(Object.entries(processes)),
});

/** One byte of output a step, 100 ms apart, so that each step looks; then the end. */
function play(sights: readonly (Sight | undefined)[]): Streams {
  const streams = new Streams();
  const left = [...sights];
  const exemption = new Exemption(streams, () => left.shift());
  for (let i = 0; i < sights.length; i++) exemption.output(Buffer.from(String(i)), i * 100);
  exemption.output(Buffer.from("tail"), sights.length * 100 - 95);
  exemption.end();
  return streams;
}

const other = sight({ "7 1": "0", "8 1": "0" });

test.each([
  ["a transfer alone: what came before the first look", [sight(), sight(), sight()], "0", 1],
  ["none", [undefined, undefined, undefined], "012tail", 0],
  ["one that begins later", [undefined, sight(), sight()], "01", 1],
  [
    "one that ends: what came since the last good look, and all after it",
    [sight(), sight(), undefined, sight()],
    "023tail",
    1,
  ],
  [
    "a process that came: since the last look; and the end's rest, as it runs programs",
    [sight(), other, other],
    "01tail",
    1,
  ],
  ["a child that came and went", [sight(), sight({ "7 1": "90" }), sight({ "7 1": "90" })], "01", 1],
])("%s", (_, sights, recorded, transfers) => {
  const streams = play(sights);
  expect(streams.recorded).toBe(recorded);
  expect(streams.transfers).toHaveLength(transfers);
  const [transfer] = streams.transfers;
  const total = "tail".length + sights.length;
  expect(streams.passed[1]).toBe(total - recorded.length);
  if (transfer !== undefined) expect(transfer.outBytes).toBe(total - recorded.length);
});

test("what is kept for a doubt is bounded, by looks", () => {
  const streams = new Streams();
  let looks = 0;
  const exemption = new Exemption(streams, () => {
    looks++;
    return sight();
  });
  for (let i = 0; i < 100; i++) exemption.output(Buffer.alloc(65_536), 0);
  exemption.end();
  expect(looks).toBeGreaterThan(6);
  expect(streams.passed).toEqual([0, 99 * 65_536]);
});

test("two sights are the same when nothing can have run between them", () => {
  expect(isSame(sight(), sight())).toBe(true);
  expect(isSame(other, sight())).toBe(false);
  expect(isSame(sight(), sight({ "7 2": "0" }))).toBe(false);
});

test.each([
  ["scp -t x", true],
  ["scp -v -r -f -- -x", true],
  ["scp -S ./e x: y", false],
  ["scp x -t", false],
  ["/usr/lib/openssh/sftp-server", true],
  ["rsync --server --sender . x", true],
  ["rsync --server --daemon .", false],
  ["rsync -e sh --server", false],
  ["git upload-pack x", true],
  ["git-receive-pack x", true],
  ["git -c alias.x=!sh x", false],
  ["git-shell -c x", false],
])("%s serves: %s", (command, serves) => {
  expect(isServing(command.split(" "))).toBe(serves);
});
