/** The adversary loads a library into the program of a transfer, whose content is not recorded as long as nothing else runs. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import type { Account } from "./account.ts";
import { guestMissing } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

const source = join(import.meta.dirname, "../programs/answering.c");
/** One segment of code, in one page, and nothing that runs at the end. */
const flags = "-O2 -fPIC -shared -nostartfiles -fno-stack-protector -fcf-protection=none -Wl,-z,now".split(" ");
const libraries: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  hidden: ["-DHIDDEN"],
  open: ["-DHIDDEN", "-DOPEN"],
};

beforeAll(() => {
  if (guestMissing !== undefined) return;
  for (const [name, defines] of Object.entries(libraries)) {
    execFileSync("cc", [...flags, ...defines, source, "-o", server().guest.path(`/opt/${name}.so`)]);
  }
});

/** Where a user's program gets its environment from. */
const ways: readonly [name: string, (account: Account, library: string) => Promise<unknown>][] = [
  [
    "by .bashrc",
    async (account, library) =>
      await account.as(`echo 'export LD_PRELOAD=${library}' | cat - ~/.bashrc > x; mv x ~/.bashrc`),
  ],
  [
    "by ~/.ssh/environment",
    async (account, library) => await account.as(`echo LD_PRELOAD=${library} > ~/.ssh/environment`),
  ],
];

/** Each prints what came back of the file. */
const transfers: readonly [name: string, command: (user: string) => string][] = [
  ["sftp", (user) => `echo 'get asked back' | sftp -qb- ${user}@localhost >/dev/null; cat back`],
  ["scp", (user) => `scp -q ${user}@localhost:asked back; cat back`],
  ["scp's old protocol", (user) => `scp -Oq ${user}@localhost:asked back; cat back`],
];

describe.each(Object.keys(libraries))("a library that is %s", (library) => {
  describe.each(ways)("%s", (_, place) => {
    test.each(transfers)("in %s: what it answers is recorded", async (__, command) => {
      const account = await server().account();
      // Of his own: what is root's may be loaded into root's programs.
      await account.as(`echo 'ask me here' > asked; cp /opt/${library}.so .`);
      await place(account, `${account.home}/${library}.so`);
      const line = `rm -f back; ${command(account.name)}`;
      // The attack works.
      expect(await server().guest.text(line)).toBe("mark-42here");
      expect(await account.allPlayed()).toContain("mark-42here");
    });
  });
});

describe("a library that stands at the path of root's in a mount namespace of his own, and is loaded from there", () => {
  test.each(transfers)("in %s: what it answers is recorded", async (_, command) => {
    const account = await server().account();
    await account.as("echo 'ask me here' > asked; cp /opt/plain.so .");
    const root = "$(readlink -f /usr/lib/*/libz.so.1)";
    const holder = `mount --bind plain.so ${root} && echo LD_PRELOAD=/proc/$$/root${root} > .ssh/environment; exec sleep 1000`;
    const namespace = account.as(`echo '${holder}' > holder; exec unshare -Urm sh holder`);
    const written = async () => (await account.as("cat .ssh/environment")).stdout.toString();
    await until(async () => (await written()) !== "", "the namespace");
    const line = `rm -f back; ${command(account.name)}`;
    // The attack works.
    expect(await server().guest.text(line)).toBe("mark-42here");
    expect(await account.allPlayed()).toContain("mark-42here");
    await server().guest.run(`pkill -KILL -u ${account.name} -x sleep`);
    await namespace;
  });
});

test("without one, what is carried is not", async () => {
  const account = await server().account();
  await account.as("echo 'ask me here' > asked");
  expect(await server().guest.text(`rm -f back; ${transfers[0]?.[1](account.name)}`)).toBe("ask me here");
  expect(await account.allPlayed()).not.toContain("me here");
});
