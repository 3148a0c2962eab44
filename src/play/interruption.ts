/** Interruption: the signals that end or stop the player, so that the terminal is its own again before they do. */
import { constants } from "node:os";

export interface InterruptionNative {
  endBy(signal: number): never;
  stopSelf(): number;
}

export interface Interruptible {
  enter(): void;
  leave(): void;
}

const ending = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** Those ignored at the start (bit n-1 for signal n) stay ignored, as under nohup. */
export function handleInterruption(terminal: Interruptible, native: InterruptionNative, ignored: bigint): void {
  for (const name of ending) {
    const number = constants.signals[name];
    const isIgnored = ((ignored >> BigInt(number - 1)) & 1n) === 1n;
    process.on(name, () => {
      if (isIgnored) return;
      terminal.leave();
      native.endBy(number);
    });
  }
  process.on("SIGTSTP", () => {
    terminal.leave();
    native.stopSelf();
    terminal.enter();
  });
  // After a SIGSTOP, of which nobody is told.
  process.on("SIGCONT", () => terminal.enter());
}
