/** The thread's end of a reader: bin/indexer.ts runs it. */
import type { MessagePort } from "node:worker_threads";
import type { Piece } from "../search/piece.ts";
import { PieceMaker } from "./piece-reader.ts";
import type { Answer, Request } from "./thread.ts";

/** Pieces that a thread has made and nobody has taken, of some 300 KB each. */
const maxWaiting = 4;

/** Answers requests as long as the port is open. */
export function serveReader(port: MessagePort, timeZone: string | undefined): void {
  const maker = new PieceMaker((name) => (name === "TZ" ? timeZone : undefined));
  const answer = (message: Answer, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  let waiting = 0;
  let wake = (): void => {};
  const room = async (): Promise<void> => {
    while (waiting >= maxWaiting) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const take = (piece: Piece, bytes: number): void => {
    waiting++;
    answer({ kind: "piece", piece, bytes }, [piece.lines.buffer, piece.marks.buffer]);
  };
  port.on("message", async (request: Request) => {
    if (request.kind === "read") {
      answer({ kind: "end", isWhole: await maker.make(request.settings, { take, room }) });
      return;
    }
    waiting--;
    wake();
  });
}
