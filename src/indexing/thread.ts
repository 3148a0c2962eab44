/** Threads that read recordings for the index: what passes between them and the one that writes it. */
import { Worker } from "node:worker_threads";
import type { Piece } from "../search/piece.ts";
import type { SourceSettings } from "../source.ts";
import type { PieceReader } from "./piece-reader.ts";

export type Request =
  | { readonly kind: "read"; readonly settings: Partial<SourceSettings> }
  | { readonly kind: "taken" };
export type Answer =
  | { readonly kind: "piece"; readonly piece: Piece; readonly bytes: number }
  | { readonly kind: "end"; readonly isWhole: boolean };

/** Starts the program that serves a reader in a thread. */
export function readerInThread(program: string, timeZone: string | undefined): PieceReader {
  const worker = new Worker(program, { workerData: timeZone });
  let take: (piece: Piece, bytes: number) => void = () => {};
  let isDead = false;
  let settle: { resolve(isWhole: boolean): void; reject(error: unknown): void } | undefined;
  const ask = (request: Request): void => worker.postMessage(request);
  worker.on("message", (answer: Answer) => {
    if (answer.kind === "end") return settle?.resolve(answer.isWhole);
    try {
      take(answer.piece, answer.bytes);
      ask({ kind: "taken" });
    } catch (error) {
      settle?.reject(error);
    }
  });
  const die = (): void => {
    isDead = true;
    settle?.resolve(false);
  };
  // What it could not read is read when it is searched: a failure is seen there.
  worker.on("error", die);
  worker.on("exit", die);
  return {
    async read(settings, taker) {
      if (isDead) return false;
      take = taker;
      return await new Promise((resolve, reject) => {
        settle = { resolve, reject };
        ask({ kind: "read", settings });
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}
