/** Files that are carried: byte for byte as without us, told in the log and not copied into it; but nothing that only looks like it. */
import { beforeAll, describe, expect, test } from "vitest";
import { guestMissing } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();
const maxLogBytes = 4096;

beforeAll(async () => {
  if (guestMissing !== undefined) return;
  await server().guest.run(`mkdir tree; head -c 20000000 /dev/urandom > tree/big; : > tree/empty
    seq 100000 > "tree/a name with spaces"; ln -s big tree/link; head -c 1000 /dev/urandom | tr '\\n' x > tree/small
    mkdir plain; cp tree/big "tree/a name with spaces" plain
    git init -q -b main work; cp tree/big work/; cd work; git add .
    git -c user.name=x -c user.email=x@example.org commit -qm first`);
});

/** Run by root; U is the user, H is his home folder as the administrator sees it. */
const ways: readonly [name: string, command: string, direction: "to" | "from"][] = [
  ["scp to the host", "scp -qr tree U@localhost:there && diff -r tree H/there", "to"],
  ["scp from the host", "cp -r tree H/there && scp -qr U@localhost:there back.$$ && diff -r tree back.$$", "from"],
  ["scp's old protocol, to", "scp -Oqr tree U@localhost:there && diff -r tree H/there", "to"],
  [
    "scp's old protocol, from",
    "cp -r tree H/there && scp -Oqr U@localhost:there back.$$ && diff -r tree back.$$",
    "from",
  ],
  ["sftp, to", "echo 'put -r plain there' | sftp -qb- U@localhost >/dev/null && diff -r plain H/there", "to"],
  [
    "sftp, from",
    "cp -r plain H/there && echo 'get -r there back.U' | sftp -qb- U@localhost >/dev/null && diff -r plain back.U",
    "from",
  ],
  ["rsync, to", "rsync -a tree/ U@localhost:there && diff -r tree H/there", "to"],
  ["rsync, from", "cp -r tree H/there && rsync -a U@localhost:there/ back.$$ && diff -r tree back.$$", "from"],
  [
    "git push",
    "git init -q --bare -b main H/there && chown -R U: H/there && git -C work push -q U@localhost:there main && git -C H/there -c safe.directory=* fsck",
    "to",
  ],
  [
    "git clone",
    "git clone -q --bare work H/there && chown -R U: H/there && git clone -q U@localhost:there back.$$ && diff tree/big back.$$/big",
    "from",
  ],
];

describe("carried and told", () => {
  test.each(ways)("%s", async (_, command) => {
    const account = await server().account();
    const line = command.replaceAll("U@", `${account.name}@`).replaceAll("H/", `${account.home}/`);
    const { status, stderr, stdout } = await server().guest.run(line.replaceAll(/\bU\b/g, account.name), {
      mayFail: true,
    });
    expect({ status, stderr, stdout: stdout.toString() }).toEqual({ status: 0, stderr: "", stdout: "" });
    const [recording] = await account.ended(1);
    expect(recording?.state).toBe("complete");
    expect((await account.messages()).length).toBeLessThanOrEqual(maxLogBytes);
  });

  test("the event tells command, direction, bytes, duration and exit", async () => {
    const account = await server().account();
    await server().guest.run(`scp -Oq tree/big ${account.name}@localhost:`);
    const { rec } = await account.recording();
    const { stdout } = await server().guest.run(["rec-play", "--reader", "journal", "--info", rec]);
    expect(stdout.toString()).toMatch(/scp .*-t/);
    expect(stdout.toString()).toMatch(/20000\d\d\d|20\.0 ?M/);
  });

  test("a transfer that breaks off says so by its status", async () => {
    const account = await server().account();
    const { status } = await server().guest.run(`scp -Oq ${account.name}@localhost:nothing .`, { mayFail: true });
    expect(status).toBe(1);
    expect((await account.recording()).state).toBe("complete");
  });

  test("what is on no list is recorded: a tar through the connection", async () => {
    const account = await server().account();
    await server().guest.run(`tar -c tree/small | ssh ${account.name}@localhost 'tar -x; tar -c tree' > back.tar`);
    expect((await account.messages()).length).toBeGreaterThan(1000);
    const { stdout } = await account.played();
    expect(stdout.equals((await server().guest.run("cat back.tar")).stdout)).toBe(true);
  });
});

describe("what only looks like a transfer is recorded in full", () => {
  const hello = "echo mark-$((40+2))";

  test.each([
    ["a second command behind it", `scp -t /tmp/x </dev/null; ${hello}`],
    ["a second command before it", `${hello}; scp -t /tmp/x </dev/null`],
    ["a newline", `scp -t /tmp/x </dev/null\n${hello}`],
    ["a command in its place, by its name alone", `exec -a scp bash -c '${hello}' -t x`],
    ["a substitution in its arguments", `rsync --server \`${hello} >&2\` . /tmp </dev/null; true`],
    ["a variable that names the program", `scp=bash; $scp -c '${hello}'`],
    [
      "a program of his own by that name",
      `mkdir bin; printf '#!/bin/sh\\n${hello}\\n' > bin/scp; chmod +x bin/scp; bin/scp -t x`,
    ],
    ["a copy of a shell by that name", `mkdir bin; cp /bin/bash bin/scp; bin/scp -c '${hello}'`],
    ["a link to a shell by that name", `ln -s /bin/bash scp; ./scp -c '${hello}' -t x`],
    ["rsync's own remote shell", `rsync -e 'sh -c "${hello} >&2"' x:y z; true`],
    ["scp's own remote program", `printf '#!/bin/sh\\n${hello} >&2\\n' > s; chmod +x s; scp -S ./s x:y z; true`],
    ["sftp's own remote program", `printf '#!/bin/sh\\n${hello} >&2\\n' > s; chmod +x s; sftp -S ./s x; true`],
    ["git's alias", `git -c 'alias.x=!${hello}' x`],
    ["git's pager", `git init -q; git -c 'core.sshCommand=${hello} >&2;:' fetch x:y; true`],
    [
      "a hook of git's",
      `git init -q r; printf '#!/bin/sh\\n${hello}\\n' > r/.git/hooks/pre-auto-gc; cd r; sh .git/hooks/pre-auto-gc`,
    ],
  ])("%s", async (_, command) => {
    const account = await server().account();
    const { stdout, stderr } = await account.ssh(command);
    expect(stdout.toString() + stderr).toContain("mark-42");
    expect(await account.allPlayed()).toContain("mark-42");
  });

  test("a function by that name in .bashrc", async () => {
    const account = await server().account();
    await account.as(`echo 'scp() { ${hello}; }' | cat - ~/.bashrc > x; mv x ~/.bashrc`);
    expect((await account.ssh("scp -t x")).stdout.toString()).toBe("mark-42\n");
    expect(await account.allPlayed()).toContain("mark-42");
  });

  test("a PATH of his own, by .bashrc and by the environment that sshd lets in", async () => {
    const account = await server().account();
    await account.as(`mkdir ~/bin; printf '#!/bin/sh\\n${hello}\\n' > ~/bin/rsync; chmod +x ~/bin/rsync
      echo 'PATH=~/bin:$PATH' | cat - ~/.bashrc > x; mv x ~/.bashrc; echo "PATH=$HOME/bin:/usr/bin:/bin" > ~/.ssh/environment`);
    expect((await account.ssh("rsync --server . /tmp")).stdout.toString()).toBe("mark-42\n");
    expect(await account.allPlayed()).toContain("mark-42");
  });

  test("a startup file that prints before the transfer begins", async () => {
    const account = await server().account();
    await account.as(`echo '${hello}' | cat - ~/.bashrc > x; mv x ~/.bashrc`);
    await account.ssh("scp -f nothing");
    expect(await account.allPlayed()).toContain("mark-42");
  });

  test("a hook that a push runs: what it shows is in the recording, or its commands are root's", async () => {
    const account = await server().account();
    await server().guest.run(`git init -q --bare -b main ${account.home}/there
      printf '#!/bin/sh\\n${hello}\\n' > ${account.home}/there/hooks/post-receive
      chmod +x ${account.home}/there/hooks/post-receive; chown -R ${account.name}: ${account.home}/there`);
    const { stderr } = await server().guest.run(`git -C work push ${account.name}@localhost:there main`);
    expect(stderr).toContain("mark-42");
    expect(await account.allPlayed()).toContain("mark-42");
  });

  test("a transfer that runs on at a terminal", async () => {
    const account = await server().account();
    const session = account.login(`scp -t /nonexistent/x </dev/null; ${hello}`);
    await session.sees("mark-42");
    await session.exited;
    expect(await account.allPlayed()).toContain("mark-42");
  });
});
