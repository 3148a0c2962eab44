/** A user of the server: how he comes in, and what the administrator has of him afterwards. */
import type { Session } from "../harness/session.ts";
import { until } from "../harness/session.ts";
import type { Guest, Result } from "./guest.ts";

/** What `recctl list --json` tells of a recording. */
export interface Recording {
  readonly rec: string;
  readonly user: string;
  readonly start: number;
  readonly tty: string | null;
  readonly command: string | null;
  readonly state: "complete" | "running" | "incomplete" | "unended";
  readonly by: string | null;
}

interface SshOptions {
  /** Before the destination. */
  readonly options?: readonly string[];
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

export class Account {
  readonly guest: Guest;
  readonly name: string;
  readonly home: string;

  constructor(guest: Guest, name: string) {
    this.guest = guest;
    this.name = name;
    this.home = `/home/${name}`;
  }

  /** `ssh HOST COMMAND`, to its end, whatever that is. */
  async ssh(command: string, { options = [], ...others }: SshOptions = {}): Promise<Result> {
    const words = ["ssh", ...options, `${this.name}@localhost`, command];
    return await this.guest.run(words, { ...others, mayFail: true });
  }

  /** `ssh -t HOST [COMMAND]` at a terminal of the test's. */
  login(command?: string, { options = [], environment = {} }: SshOptions = {}): Session {
    const words = ["ssh", "-t", ...options, `${this.name}@localhost`, ...(command === undefined ? [] : [command])];
    return this.guest.terminal(words, { environment });
  }

  /** Without a password being asked, and without us: as the administrator acts for him. */
  async as(command: string, input?: string | Uint8Array): Promise<Result> {
    const words = [
      "setpriv",
      `--reuid=${this.name}`,
      `--regid=${this.name}`,
      "--init-groups",
      "sh",
      "-c",
      `cd; ${command}`,
    ];
    return await this.guest.run(words, {
      mayFail: true,
      environment: { HOME: this.home, USER: this.name },
      ...(input === undefined ? {} : { input }),
    });
  }

  /** What the administrator sees of him, newest first. */
  async recordings(): Promise<Recording[]> {
    await this.guest.run("journalctl --sync; journalctl --sync --namespace=rec-session", { mayFail: true });
    const lines = await this.guest.text(["recctl", "list", "--source", "journal", "--user", this.name, "--json"]);
    return lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Recording);
  }

  /** The same once there are so many, and all of them have ended. */
  async ended(count: number): Promise<Recording[]> {
    let found: Recording[] = [];
    const isEnded = async (): Promise<boolean> => {
      found = await this.recordings();
      return found.length >= count && found.every(({ state }) => state !== "running");
    };
    await until(isEnded, () => `${count} ended recordings of ${this.name}, only ${JSON.stringify(found)}`);
    // A recorder that ended between the sync and the list has its last message still on its way to journald.
    return await this.recordings();
  }

  /** The one recording that there is of him, ended; more or fewer fail. */
  async recording(): Promise<Recording> {
    const found = await this.ended(1);
    const [only, second] = found;
    if (only !== undefined && second === undefined) return only;
    throw new Error(`expected one recording of ${this.name}, found ${JSON.stringify(found)}`);
  }

  /** All messages that the journal holds of his recordings, one a line. */
  async messages(): Promise<string> {
    return await this.guest.text(`journalctl --sync; journalctl --all -o cat TLOG_USER=${this.name}`);
  }

  /** What the auditor sees of all recordings, oldest first, with the reasons why any is not whole. */
  async allPlayed(count = 1): Promise<string> {
    const texts: string[] = [];
    for (const { rec } of (await this.ended(count)).reverse()) {
      const { stdout, stderr } = await this.played(rec);
      texts.push(stdout.toString("latin1") + stderr);
    }
    return texts.join("");
  }

  /** What the auditor sees of a recording, byte for byte; of the only one where none is named. */
  async played(rec?: string): Promise<Result> {
    const id = rec ?? (await this.recording()).rec;
    return await this.guest.run(["rec-play", "--reader", "journal", "--format", "raw", id], { mayFail: true });
  }
}
