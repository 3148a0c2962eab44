import { expect, test } from "vitest";
import { isRunning, recordingId } from "./recorder-process.ts";

test("a process is running by its own id, and by no other that looks like it", () => {
  const id = recordingId();
  expect(id).toMatch(/^[0-9a-f]{32}-[0-9a-f]+-[0-9a-f]+$/);
  expect(isRunning(id)).toBe(true);
  const [boot = "", pid = "", start = ""] = id.split("-");
  const others = [
    `${boot}-${pid}-${start}0`,
    `0${boot.slice(1)}0-${pid}-${start}`,
    `${boot}-${pid}`,
    `${boot}-x-${start}`,
    "",
  ];
  expect(others.filter(isRunning)).toEqual([]);
});
