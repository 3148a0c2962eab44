/** The user's own terminal: raw while the session runs, and a descriptor of our own to it. */
import { accessSync, constants } from "node:fs";
import type { Native } from "./native.ts";

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export class UserTerminal {
  /** For reading and writing; nonblocking when `isOwn`. */
  readonly fd: number;
  readonly isOwn: boolean;
  /** The standard descriptor that it is: has its name where `fd` is /dev/tty. */
  readonly standard: number;
  /** Path of the device, null when it has none here (another mount namespace). */
  readonly path: string | null;
  readonly #native: Native;
  readonly #size = new Int32Array(2);

  constructor(native: Native, standardFd: number) {
    this.#native = native;
    const own = native.reopenTerminal(standardFd);
    this.isOwn = own >= 0;
    this.fd = this.isOwn ? own : standardFd;
    this.standard = standardFd;
    const name = Buffer.alloc(256);
    const length = native.terminalName(standardFd, name);
    this.path = length < 0 ? null : name.toString("utf8", 0, length);
  }

  /** False while another job has it: then it may be written, but not read or set. */
  get isForeground(): boolean {
    return this.#native.isForeground(this.fd) === 1;
  }

  /**
   * Whether the user may open it by its name. One that he may not, as after su, is somebody else's, who goes on in it: also when the recorder
   * was killed and could give back nothing.
   */
  get isOpenToUser(): boolean {
    return this.path === null || [constants.R_OK, constants.W_OK].some((mode) => mayAccess(this.path as string, mode));
  }

  /** While true nobody but root may open it by its name, to write past the recorder. */
  set isExclusive(isOn: boolean) {
    this.#native.setExclusive(this.fd, isOn ? 1 : 0);
  }

  enterRaw(): void {
    this.#native.enterRaw(this.fd);
  }

  leaveRaw(): void {
    this.#native.leaveRaw();
  }

  get size(): WindowSize {
    this.#native.windowSize(this.fd, this.#size);
    const [columns = 0, rows = 0] = this.#size;
    return { columns, rows };
  }
}

/** access(2): by the real user and groups, not by what the launcher gave. */
function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
