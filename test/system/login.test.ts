/** The ways in, as their users go them: each is recorded, whole, and is to its user what it is without us. */
import { describe, expect, test } from "vitest";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

describe("ssh", () => {
  test("a shell at a terminal is recorded from its prompt to its exit status, after a notice", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("recorded");
    await session.sees("$ ");
    session.type("echo mark-$((40 + 2)); exit 7\n");
    await session.sees("mark-42");
    expect(await session.exited).toEqual({ exit: 7, signal: null });
    const { stdout, status } = await account.played();
    expect({ status, shown: stdout.toString() }).toEqual({ status: 0, shown: expect.stringContaining("mark-42\r\n") });
    expect(stdout.toString()).not.toContain("recorded");
  });
});
