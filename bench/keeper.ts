/** The keeper of a journald's socket: a process in a mount namespace where the journal's folders are empty, so that the system's is not touched. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { native } from "../src/terminal/native.ts";
import { journalSocket } from "../src/writer/journal.ts";

export const daemon = "/lib/systemd/systemd-journald";
export const unshare = "/usr/bin/unshare";
const folders = { sockets: "/run/systemd/journal", entries: "/var/log/journal", unsaved: "/run/log/journal" };
/** With the flag journald writes to the disk at once, as it does when a system is up. */
const enter = `mount --bind "$1" ${folders.entries} && mount -t tmpfs none ${folders.sockets} &&
mount -t tmpfs none ${folders.unsaved} && : >${folders.sockets}/flushed && shift && exec "$@"`;
/**
 * The socket is its descriptor 3. Each line that it reads starts a journald, whose pid it prints, and an empty line when
 * that has gone.
 */
const keep = `while read -r _; do sh -c 'echo $$; LISTEN_PID=$$ exec ${daemon} </dev/null'; echo; done`;
/** What is not there by then never will be. */
const patienceMs = 10_000;
const readable = 1;

export class Keeper {
  readonly pid: number;
  /** The socket, as the bench itself sees it. */
  readonly socket: string;
  /** Folders that had to be made to be mounted on, deepest first. */
  readonly #made: readonly string[];
  readonly #control: number;
  readonly #report: number;

  /** Nobody reads from the socket yet; entries are to be in `folder`. */
  constructor(folder: string) {
    this.#made = Object.values(folders).flatMap(makeFolder);
    const [input, output] = [pipe(), pipe()];
    [this.#control, this.#report] = [input.write, output.read];
    const socket = journalSocket(undefined);
    const keeper = ["systemd-socket-activate", "--datagram", "--listen", socket, "sh", "-c", keep];
    const { pid = 0 } = spawn(unshare, ["--mount", "sh", "-ec", enter, "sh", folder, ...keeper], {
      stdio: [input.read, output.write, "ignore"],
    });
    native.closeDescriptor(input.read);
    native.closeDescriptor(output.write);
    this.pid = pid;
    this.socket = `/proc/${pid}/root${socket}`;
    // The first datagram makes systemd-socket-activate the keeper.
    waitFor(() => existsSync(this.socket) && this.sendNothing(), "no journal socket");
  }

  /** Sends an empty datagram, which journald ignores; false when the socket's queue is full. */
  sendNothing(): boolean {
    const descriptor = native.datagramSocket();
    const result = native.sendDatagram(descriptor, Buffer.from(this.socket), new Uint8Array(), 0);
    native.closeDescriptor(descriptor);
    return result >= 0;
  }

  /** Starts journald; its pid. */
  start(): number {
    native.write(this.#control, Buffer.from("\n"), 0, 1);
    return Number(this.#readLine());
  }

  /** Returns when journald has gone. */
  awaitEnd(): void {
    this.#readLine();
  }

  /** Ends, when journald has gone; leaves nothing behind. */
  close(): void {
    native.closeDescriptor(this.#control);
    native.closeDescriptor(this.#report);
    // Nobody else is in the namespace, so the mounts go with it.
    waitFor(() => !existsSync(this.socket), "journald's keeper stays");
    for (const folder of this.#made) rmdirSync(folder);
  }

  #readLine(): string {
    const byte = new Uint8Array(1);
    for (let line = ""; ; line += String.fromCharCode(byte[0] ?? 0)) {
      if (native.poll(Int32Array.of(this.#report, readable), 1, patienceMs) === 0) throw new Error("journald hangs");
      if (native.read(this.#report, byte, 0, 1) !== 1) throw new Error("journald's keeper has gone");
      if (byte[0] === 0x0a) return line;
    }
  }
}

export function waitFor(isThere: () => boolean, otherwise: string): void {
  const deadlineMs = performance.now() + patienceMs;
  while (!isThere()) {
    if (performance.now() > deadlineMs) throw new Error(otherwise);
    native.poll(new Int32Array(), 0, 10);
  }
}

/** Which folders had to be made, deepest first. */
function makeFolder(path: string): string[] {
  const made: string[] = [];
  for (let at = path; !existsSync(at); at = join(at, "..")) made.push(at);
  mkdirSync(path, { recursive: true });
  return made;
}

function pipe(): { read: number; write: number } {
  const ends = new Int32Array(2);
  const error = native.pipe(ends);
  if (error < 0) throw new Error(`cannot make a pipe: errno ${-error}`);
  const [read = -1, write = -1] = ends;
  return { read, write };
}
