/** The adversary names things so that they act on the auditor's terminal: what lists and reports print is text. */
import { describe, expect, test } from "vitest";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** A title, a clipboard, a colour, a right-to-left override, a C1 introducer, and lines that look like the auditor's. */
const hostile = "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[31m\u202e\x9b31m\r\nroot  complete\b\b";
const control = /[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]/;

describe("where the auditor looks", () => {
  test.each([
    [
      "a command line",
      async () => {
        const account = await server().account();
        await account.ssh(`: '${hostile}'; echo mark-42`);
        return account;
      },
    ],
    [
      "TERM",
      async () => {
        const account = await server().account();
        const session = account.login("echo mark-42", { environment: { TERM: hostile } });
        await session.exited;
        return account;
      },
    ],
    [
      "the working folder",
      async () => {
        const account = await server().account();
        await account.ssh(
          `d=$(printf 'x\\033]0;owned\\007\\nroot'); mkdir "$d"; cd "$d"; setsid -w setsid /usr/bin/rec-session -c 'echo mark-42'`,
        );
        return account;
      },
    ],
    [
      "the name of the program",
      async () => {
        const account = await server().account();
        await account.as(`exec -a "$(printf -- '-x\\033]0;owned\\007')" /usr/bin/rec-session -c 'echo mark-42'`);
        await account.as(
          `bash -c 'exec -a "$(printf -- "-x\\033]0;owned\\007")" /usr/bin/rec-session -c "echo mark-42"'`,
        );
        return account;
      },
    ],
    [
      "SSH_CONNECTION",
      async () => {
        const account = await server().account();
        await account.as(`SSH_CONNECTION="$(printf '\\033]0;owned\\007')" /usr/bin/rec-session -c 'echo mark-42'`);
        return account;
      },
    ],
    [
      "the shell",
      async () => {
        const account = await server().account();
        await account.as(
          `n=$(printf 'x\\033]0;owned\\007'); ln -s /bin/sh "$n"; REC_SESSION_SHELL="$PWD/$n" /usr/bin/rec-session -c 'echo mark-42'`,
        );
        return account;
      },
    ],
    [
      "the output",
      async () => {
        const account = await server().account();
        await account.ssh(`printf '\\033]0;owned\\007\\033[2J\\233'; echo mark-42`);
        return account;
      },
    ],
  ])("%s", async (_, act) => {
    const account = await act();
    const { guest } = server();
    const [recording] = await account.ended(1);
    const rec = recording?.rec ?? "";
    for (const command of [
      ["recctl", "list", "--source", "journal", "--user", account.name],
      ["recctl", "list", "--source", "journal", "--user", account.name, "--json"],
      ["rec-play", "--reader", "journal", "--info", rec],
      ["rec-play", "--reader", "journal", "--format", "text", rec],
      ["rec-play", "--reader", "journal", "--format", "json", rec],
    ]) {
      const { stdout, stderr } = await guest.run(command, { mayFail: true });
      expect(stdout.toString().replaceAll("\t", " ")).not.toMatch(control);
      expect(stderr).not.toMatch(control);
      expect(stdout.toString()).not.toMatch(/^root +complete/m);
    }
    expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });
});

test("what the system log gets of him is text too", async () => {
  const account = await server().account();
  await account.as(`REC_SESSION_SHELL="$(printf '/none\\033]0;owned\\007')" /usr/bin/rec-session -c 'echo mark-42'`);
  await server().guest.run("journalctl --sync");
  const { stdout } = await server().guest.run("journalctl --no-pager -o cat --all _TRANSPORT=syslog");
  expect(stdout.toString()).toContain(
    `user ${account.name}: rec-session: cannot use the shell /none\\x1b]0;owned\\x07`,
  );
  expect(stdout.toString().replaceAll("\t", " ")).not.toMatch(control);
});

test("an identifier that is an option, a pattern or a match is an identifier", async () => {
  for (const rec of ["--version", "-M_UID=0", "_UID=0", "*", "../../etc/passwd", "\x1b]0;owned\x07"]) {
    const { stdout, stderr, status } = await server().guest.run(["rec-play", "--reader", "journal", "--", rec], {
      mayFail: true,
    });
    expect(status).not.toBe(0);
    expect(stdout.toString() + stderr).not.toMatch(control);
  }
});
