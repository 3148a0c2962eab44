/** The host that is set up: its files and its commands. Tests put a folder tree and programs of their own in its place. */
import { spawn } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { RecError, systemReason } from "../errors.ts";

export interface Outcome {
  /** Null where there is no such program, or a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isMissing: boolean;
}

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** What a command prints is asked for by us and short; a broken one must not fill our memory. */
const maxOutputBytes = 1 << 20;

export class Host {
  readonly #root: string;
  readonly #searchPath: string;

  /** `root` stands before every path; commands are looked for on `path` alone. */
  constructor(root = "", path = searchPath) {
    this.#root = root;
    this.#searchPath = path;
  }

  /** Where a file of the host really is. */
  place(path: string): string {
    return `${this.#root}${path}`;
  }

  /** Undefined where there is no such file. Throws REC_FILE_READ. */
  bytes(path: string): Buffer | undefined {
    return this.#unlessMissing(path, () => readFileSync(this.place(path)));
  }

  /** As `bytes`: a character each, so that what is written back has not changed. */
  text(path: string): string | undefined {
    return this.bytes(path)?.toString("latin1");
  }

  /** Of a link what it leads to; undefined where there is nothing. Throws REC_FILE_READ. */
  details(path: string): Stats | undefined {
    return this.#unlessMissing(path, () => statSync(this.place(path)));
  }

  isLink(path: string): boolean {
    return this.#unlessMissing(path, () => lstatSync(this.place(path)))?.isSymbolicLink() === true;
  }

  /** Sorted; none where there is no such folder. Throws REC_FILE_READ. */
  names(folder: string): string[] {
    return this.#unlessMissing(folder, () => readdirSync(this.place(folder)))?.sort() ?? [];
  }

  /** Runs the command in a session of its own, so that an interrupted recctl decides itself where it stops. */
  async run(command: string, ...args: readonly string[]): Promise<Outcome> {
    const env = { PATH: this.#searchPath, LC_ALL: "C.UTF-8", TZ: "UTC" };
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    return await new Promise((resolve) => {
      const end = (status: number | null, isMissing = false): void =>
        resolve({ status, stdout: stdout(), stderr: stderr(), isMissing });
      child.once("error", () => end(null, true));
      child.once("close", (status) => end(status));
    });
  }

  #unlessMissing<Found>(path: string, look: () => Found): Found | undefined {
    try {
      return look();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new RecError("REC_FILE_READ", { path, why: systemReason(error) }, error);
    }
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on("data", (chunk: Buffer) => {
    if (length < maxOutputBytes) chunks.push(chunk);
    length += chunk.length;
  });
  return () => Buffer.concat(chunks).toString();
}

/** What a command that failed says for itself: its first line of standard error, or its status. */
export function failureOf(command: string, { status, stdout, stderr, isMissing }: Outcome): string {
  if (isMissing) return `there is no ${command}`;
  const [said] = (stderr.trim() || stdout.trim()).split("\n");
  return said ? `${command}: ${said}` : `${command}: status ${status}`;
}
