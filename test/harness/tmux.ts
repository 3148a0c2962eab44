/** A terminal of tmux's, as an auditor sits before it. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { until } from "../e2e/play-program.ts";

export class Tmux {
  readonly #folder: string;

  /** Its socket and its working folder are there. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  command(...args: string[]): string {
    return execFileSync("tmux", ["-S", join(this.#folder, "tmux"), "-f", "/dev/null", ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    }).toString();
  }

  /** A shell on a terminal of its own that has run the command, or runs it. */
  async run(command: string, columns = 80, rows = 24): Promise<void> {
    const size = ["-x", String(columns), "-y", String(rows)];
    this.command("new-session", "-d", "-c", this.#folder, ...size, "env PS1='ready> ' bash --norc");
    await this.shows("ready>");
    this.press("-l", command);
    this.press("Enter");
  }

  get screen(): string {
    return this.command("capture-pane", "-p");
  }

  press(...keys: string[]): void {
    this.command("send-keys", ...keys);
  }

  async shows(text: string): Promise<void> {
    await until(
      () => this.screen.includes(text),
      () => `${JSON.stringify(text)} on\n${this.screen}`,
    );
  }

  end(): void {
    try {
      this.command("kill-server");
    } catch {
      // The test ended it, or never began it.
    }
  }
}
