/** A live session: the program, the user's terminal or streams, and the flows between them. */
import { constants } from "node:fs";
import { RecError } from "../errors.ts";
import { Child, type Program, spawn } from "./child.ts";
import { Flow } from "./flow.ts";
import type { Native } from "./native.ts";
import { Sink } from "./sink.ts";
import { checked, missing, notFolder } from "./system.ts";
import { UserTerminal } from "./user-terminal.ts";

/** A pseudo-terminal: what the program has instead of the user's. */
interface Pty {
  readonly master: number;
  /** Held open while the program lives, so that a program which closes its terminal may open it again. */
  readonly slave: number;
}

export interface Records {
  readonly input: boolean;
  readonly output: boolean;
  /** Nobody reads stdin after the program: what is read ahead is missed by none. */
  readonly ownsStdin: boolean;
}

/** How the program's three standard descriptors are made; opened before it starts, so that a failure starts nothing. */
export class LiveSession {
  readonly flows: Flow[] = [];
  readonly terminal: UserTerminal | undefined;
  readonly pty: Pty | undefined;
  readonly #native: Native;
  readonly #isInputUnseen: boolean;
  readonly #stdio: [number, number, number] = [-1, -1, -1];
  /** Our copies of what only the program shall hold. */
  readonly #handedOver: number[] = [];

  /**
   * A standard descriptor that is a terminal becomes the pty; any other becomes a pipe where its bytes are to be recorded
   * and is handed on itself where not; a closed one (bit n of `closed`) stays closed. A stdin that can carry output too, as
   * the socket that sshd makes of all three, is never handed on: `>&0` would be shown and not recorded. Nor is a pipe that
   * nobody else reads: its bytes are to be counted.
   */
  constructor(native: Native, closed: number, records: Records) {
    this.#native = native;
    this.#isInputUnseen = !records.input;
    const isOpen = (fd: number): boolean => (closed & (1 << fd)) === 0;
    const isTerminal = [0, 1, 2].map((fd) => isOpen(fd) && native.isTerminal(fd) === 1);
    const standard = isTerminal.indexOf(true);
    if (standard !== -1) {
      this.terminal = new UserTerminal(native, standard);
      this.pty = this.#openPty(this.terminal);
    }
    for (const fd of [0, 1, 2] as const) {
      if (!isOpen(fd)) continue;
      if (isTerminal[fd] && this.pty !== undefined) this.#stdio[fd] = this.pty.slave;
      else if (fd === 0) this.#stdio[fd] = records.input || this.#isToBePiped(records) ? this.#pipeIn() : fd;
      else this.#stdio[fd] = records.output ? this.#pipeOut(fd, isOpen(1) && !isTerminal[1]) : fd;
    }
  }

  #isToBePiped({ ownsStdin }: Records): boolean {
    const kind = this.#native.kindOf(0);
    const carriesOutput = this.#native.isWritable(0) === 1 && kind !== constants.S_IFREG;
    return carriesOutput || (ownsStdin && kind === constants.S_IFIFO);
  }

  #openPty(terminal: UserTerminal): Pty {
    const ends = new Int32Array(2);
    checked(this.#native.openPty(ends), noPty);
    const [master = -1, slave = -1] = ends;
    this.#native.copyModes(terminal.fd, slave);
    this.#native.copyWindowSize(terminal.fd, master);
    const screen = new Sink(this.#native, terminal.fd, terminal.isOwn);
    this.flows.push(
      new Flow(this.#native, {
        from: master,
        to: screen,
        kind: "output",
        closesSink: false,
      }),
      new Flow(this.#native, {
        from: terminal.fd,
        to: new Sink(this.#native, master, true),
        kind: "input",
        closesSink: false,
      }),
    );
    return { master, slave };
  }

  #pipeIn(): number {
    const [read, write] = this.#pipe();
    this.#native.setNonblocking(write);
    const to = new Sink(this.#native, write, true);
    const isUnseen = this.#isInputUnseen;
    this.flows.push(new Flow(this.#native, { from: 0, to, kind: "input", closesSink: true, isUnseen }));
    this.#handedOver.push(read);
    return read;
  }

  /** 2>&1 stays one stream, so that the order of both is kept. */
  #pipeOut(fd: 1 | 2, isStdoutPiped: boolean): number {
    if (fd === 2 && isStdoutPiped && this.#native.isSame(1, 2) === 1) return this.#stdio[1];
    const [read, write] = this.#pipe();
    this.#native.setNonblocking(read);
    const to = new Sink(this.#native, fd, false);
    this.flows.push(
      new Flow(this.#native, {
        from: read,
        to,
        kind: "output",
        closesSink: true,
      }),
    );
    this.#handedOver.push(write);
    return write;
  }

  #pipe(): [number, number] {
    const ends = new Int32Array(2);
    checked(this.#native.pipe(ends), noPty);
    const [read = -1, write = -1] = ends;
    return [read, write];
  }

  /** The flow of its stdin, if it is read. */
  get stdin(): Flow | undefined {
    return this.flows.find((flow) => flow.kind === "input");
  }

  /** The flow of the program's stdout, if it is read: together with stderr where these are one stream. */
  get stdout(): Flow | undefined {
    return this.flows.find((flow) => flow.kind === "output" && flow.to.fd === 1);
  }

  /** Starts the program; throws REC_EXEC or REC_EXEC_REFUSED when it cannot be run, with nothing left behind. */
  start(program: Program): Child {
    const pid = spawn(this.#native, program, this.#stdio, this.pty?.slave);
    const code = pid === missing || pid === notFolder ? "REC_EXEC" : "REC_EXEC_REFUSED";
    checked(pid, (why) => new RecError(code, { command: String(program.args[0]), why }));
    for (const fd of this.#handedOver) this.#native.closeDescriptor(fd);
    this.#letGoOfStreams();
    return new Child(this.#native, pid, this.pty?.master);
  }

  /** What was handed on itself is the program's alone: who feeds or reads it has to see when the program closes it. Stderr is ours too. */
  #letGoOfStreams(): void {
    for (const fd of [0, 1] as const) if (this.#stdio[fd] === fd) this.#native.stub(fd);
  }

  /** Where the user's terminal got another size: tells it, then the program. */
  resize(tell: (columns: number, rows: number) => void): void {
    if (this.terminal === undefined || this.pty === undefined) return;
    const { columns, rows } = this.terminal.size;
    tell(columns, rows);
    this.#native.copyWindowSize(this.terminal.fd, this.pty.master);
  }

  /** The program has gone: the pty ends when its last holder lets it go. */
  releasePty(): void {
    if (this.pty !== undefined) this.#native.closeDescriptor(this.pty.slave);
  }
}

function noPty(why: string): RecError {
  return new RecError("REC_PTY", { why });
}
