/** The adversary sets variables: by ~/.ssh/environment, through sshd, and by hand. None decides anything but what his own shell does. */
import { execFileSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { guestMissing } from "./guest.ts";
import { unrecorded } from "./product.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** Where whatever runs in our processes would leave its trace. */
const traps = "/tmp/trap";

/** Tells in which program it was loaded: the user's own shell may. */
const library = `
#include <fcntl.h>
#include <unistd.h>
unsigned la_version(unsigned v) { return v; }
__attribute__((constructor)) static void trap(void) {
  char program[256];
  long n = readlink("/proc/self/exe", program, 255);
  int fd = open("${traps}/loaded", O_WRONLY | O_APPEND);
  program[n > 0 ? n : 0] = '\\n';
  if (fd >= 0) write(fd, program, n + 1);
}`;

const elsewhere = JSON.stringify({ writer: "file", file: { path: "/dev/null" }, notice: "", log: { output: false } });
const script = `require("fs").appendFileSync("${traps}/ran", "x")`;
/** As OpenSSL and node name what comes first. */
const openssl = `openssl_conf = a
nodejs_conf = a
[a]
providers = b
[b]
trap = c
[c]
module = ${traps}/trap.so
activate = 1
`;

beforeAll(async () => {
  if (guestMissing !== undefined) return;
  const { guest } = server();
  await guest.run(
    `mkdir -m 1777 ${traps} ${traps}/modules; touch ${traps}/loaded ${traps}/ran; chmod 666 ${traps}/*d ${traps}/ran`,
  );
  execFileSync("cc", ["-shared", "-fPIC", "-x", "c", "-", "-o", guest.path(`${traps}/trap.so`)], { input: library });
  // A library that node asks for by this name.
  copyFileSync(guest.path(`${traps}/trap.so`), guest.path(`${traps}/libdl.so.2`));
  for (const name of ["trap.cjs", "own.cjs", "modules/fs.js"]) writeFileSync(guest.path(`${traps}/${name}`), script);
  writeFileSync(guest.path(`${traps}/openssl.cnf`), openssl);
  writeFileSync(guest.path(`${traps}/session.conf`), elsewhere);
  writeFileSync(guest.path(`${traps}/shell`), "#!/bin/sh\necho mark-42\n", { mode: 0o755 });
});

/** By an absolute path, whatever PATH is. */
const startAs = (name: string): string[] => [
  "/usr/bin/setpriv",
  `--reuid=${name}`,
  `--regid=${name}`,
  "--clear-groups",
];

const variables: readonly [name: string, value: string][] = [
  ["NODE_OPTIONS", `--require=${traps}/trap.cjs`],
  ["NODE_OPTIONS", "--inspect-brk=127.0.0.1:9229"],
  ["NODE_V8_COVERAGE", `${traps}/coverage`],
  ["NODE_COMPILE_CACHE", `${traps}/cache`],
  ["NODE_PATH", `${traps}/modules`],
  ["NODE_EXTRA_CA_CERTS", `${traps}/none.pem`],
  ["NODE_REDIRECT_WARNINGS", `${traps}/warnings`],
  ["NODE_DEBUG", "*"],
  ["NODE_PENDING_DEPRECATION", "1"],
  ["UV_THREADPOOL_SIZE", "1000000"],
  ["OPENSSL_CONF", `${traps}/openssl.cnf`],
  ["SSL_CERT_FILE", `${traps}/openssl.cnf`],
  ["LD_PRELOAD", `${traps}/trap.so`],
  ["LD_AUDIT", `${traps}/trap.so`],
  ["LD_LIBRARY_PATH", traps],
  ["LD_DEBUG", "files"],
  ["GLIBC_TUNABLES", "glibc.malloc.check=3:glibc.rtld.optional_static_tls=9999999999"],
  ["GCONV_PATH", traps],
  ["LOCPATH", traps],
  ["LANG", "../../x"],
  ["LC_ALL", "C\x1b]0;x\x07"],
  ["TZ", `:${traps}/trap.so`],
  ["HOME", traps],
  ["USER", "root"],
  ["LOGNAME", "\x1b]0;x\x07"],
  ["SHELL", "/bin/false"],
  ["PATH", traps],
  ["TMPDIR", traps],
  ["XDG_DATA_HOME", traps],
  ["XDG_RUNTIME_DIR", traps],
  ["TLOG_REC_SESSION_CONF_TEXT", elsewhere],
  ["TLOG_REC_SESSION_CONF_TEXT", "[]"],
  ["TLOG_REC_SESSION_CONF_FILE", `${traps}/session.conf`],
  ["TLOG_REC_CONF_TEXT", elsewhere],
  ["REC_SESSION_CONF_TEXT", elsewhere],
  ["REC_SESSION_CONF_TEXT", '{"environment": true, "writer": "none"}'],
  ["REC_SESSION_CONF_FILE", `${traps}/session.conf`],
  ["REC_SESSION_SHELL", `${traps}/shell`],
  ["REC_DEBUG", "1"],
  ["REC_CONF_FILE", `${traps}/session.conf`],
  ["SSH_ORIGINAL_COMMAND", "scp -t x"],
  ["NOTIFY_SOCKET", `${traps}/notify`],
  ["JOURNAL_STREAM", "8:1"],
  ["LISTEN_FDS", "3"],
  ["BASH_ENV", `${traps}/session.conf`],
];

/** What traps hold that were not laid there: nothing of it may be ours. */
async function expectUntouched(): Promise<void> {
  const { guest } = server();
  expect(guest.read(`${traps}/loaded`)).not.toMatch(/rec-session/);
  expect(guest.read(`${traps}/ran`)).toBe("");
  const laid = "loaded|ran|modules|trap.so|libdl.so.2|trap.cjs|own.cjs|openssl.cnf|session.conf|shell";
  expect(await guest.text(`ls ${traps} | grep -vxE '${laid}'; true`)).toBe("");
}

describe("of a node that nobody protects decides", () => {
  const node = "/usr/lib/rec-session/node";
  const asks = `require("${traps}/own.cjs");
    process.emitWarning("x");
    process.binding("uv");
    require("tls").createSecureContext();
    try { require("fs.js") } catch {}
    console.log(require("os").homedir(), require("os").tmpdir())`;
  const steering = variables.filter(([name]) => /^(NODE_|OPENSSL_CONF|LD_|GLIBC_|HOME|TMPDIR)/.test(name));

  /** What it says and leaves; without the variable where there is none. */
  async function left(variable: readonly string[]): Promise<string> {
    const shows = `cd /; timeout 2 "$@" 2>&1; cat ${traps}/loaded ${traps}/ran; ls ${traps}`;
    const words = [...startAs(unrecorded), "sh", "-c", shows, "sh", "env", ...variable, node, "-e", asks];
    const shown = await server().guest.text(words);
    await server().guest.run(`cd ${traps}; : >loaded; : >ran; rm -rf coverage cache warnings`);
    return shown.replaceAll(/node:\d+/g, "node");
  }

  test.each(steering)("%s=%s", async (name, value) => {
    expect(await left([`${name}=${value}`])).not.toBe(await left([]));
  });
});

describe.each(variables)("%s=%s", (name, value) => {
  test("decides nothing, and reaches the program as it is", async () => {
    const account = await server().account();
    const { guest } = server();
    const command = `echo mark-$((40+2)); printenv ${name}`;
    writeFileSync(guest.path(`${account.home}/.ssh/environment`), `${name}=${value}\n`);
    const [byFile, byHand] = await Promise.all([
      account.ssh(command),
      guest.run([...startAs(account.name), "/usr/bin/rec-session", "-c", command], {
        environment: { [name]: value },
        mayFail: true,
      }),
    ]);
    for (const { stdout } of [byFile, byHand]) expect(stdout.toString()).toContain("mark-42\n");
    // sshd and the shell set the first, the last two decide what shell there is to print anything.
    const isExact = !["PATH", "SHELL", "REC_SESSION_SHELL"].includes(name);
    if (isExact) expect(byHand.stdout.toString()).toBe(`mark-42\n${value}\n`);
    // What the loader says of programs.
    expect(byFile.stderr + byHand.stderr).not.toMatch(/rec-session\/node/);
    const messages = await account.messages();
    expect(messages.match(/mark-42/g)).toHaveLength(2);
    expect(messages.match(/"end":\{"exit"/g)).toHaveLength(2);
    await expectUntouched();
  });
});

test("all of them at once, through what sshd accepts", async () => {
  const account = await server().account();
  const once = [...new Map(variables.filter(([name]) => !/^(LD_|PATH|GLIBC)/.test(name)))];
  // ssh's own words; what is no text it would not send.
  const set = once.map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`).join(" ");
  const { stdout } = await account.ssh("echo mark-$((40+2))", { options: ["-o", `SetEnv=${set}`] });
  expect(stdout.toString()).toContain("mark-42\n");
  expect(await account.messages()).toMatch(/mark-42.*"end":\{"exit"/s);
  await expectUntouched();
});

test("a megabyte of environment, names without a sign, bytes of any kind", async () => {
  const account = await server().account();
  const perl = `$ENV{"X$_"} = "\\xff\\x1b" . ("x" x 100000) for 1..15; exec "rec-session", "-c", 'echo mark-42; env | wc -c'`;
  const { stdout } = await server().guest.run([...startAs(account.name), "perl", "-e", perl]);
  expect(stdout.toString()).toMatch(/^mark-42\n15\d{5}\n$/);
  expect((await account.played()).stdout.toString()).toContain("mark-42");
});
