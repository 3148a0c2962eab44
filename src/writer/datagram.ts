/** A datagram socket to a log daemon: never blocks, waits by itself while the daemon takes nothing. */
import { constants } from "node:os";
import { RecError, systemReason } from "../errors.ts";
import type { Timers } from "../timers.ts";

const { errno } = constants;

/** The addon's functions that are needed here. */
export interface DatagramNative {
  datagramSocket(): number;
  sendDatagram(fd: number, path: Uint8Array, bytes: Uint8Array, mayBeSealed: number): number;
  deliver(
    fd: number,
    path: Uint8Array,
    bytes: Uint8Array,
    mayBeSealed: number,
    callback: (result: number) => void,
  ): number;
  closeDescriptor(fd: number): number;
}

/** Between tries where no thread is to be had that waits until the receiver takes one more. */
const pauseMs = 20;

/** Why a datagram was not taken; `errno` as libuv gives it, for systemReason(). */
export class SendError extends Error {
  readonly errno: number;

  constructor(result: number) {
    super(`send: ${result}`);
    this.errno = result;
  }
}

export interface SendOptions {
  /** The receiver takes sealed memory files in place of datagrams that are too large; journald does. */
  readonly mayBeSealed: boolean;
}

function isFull(result: number): boolean {
  return result === -errno.EAGAIN || result === -errno.ENOBUFS;
}

export class Datagram {
  readonly #native: DatagramNative;
  readonly #fd: number;
  readonly #path: Uint8Array;
  readonly #timers: Timers;

  constructor(native: DatagramNative, path: string, timers: Timers) {
    this.#native = native;
    this.#path = Buffer.from(path);
    this.#timers = timers;
    this.#fd = native.datagramSocket();
    if (this.#fd < 0) throw new SendError(this.#fd);
  }

  /** Undefined when the receiver's queue took it at once, else resolves when it does, however long that takes; rejects with a SendError when nobody is there. */
  send(bytes: Uint8Array, options: SendOptions): Promise<void> | undefined {
    const mayBeSealed = options.mayBeSealed ? 1 : 0;
    const result = this.#native.sendDatagram(this.#fd, this.#path, bytes, mayBeSealed);
    if (result >= 0) return undefined;
    return isFull(result) ? this.#deliver(bytes, mayBeSealed) : Promise.reject(new SendError(result));
  }

  async #deliver(bytes: Uint8Array, mayBeSealed: number): Promise<void> {
    for (;;) {
      const result = await this.#result(bytes, mayBeSealed);
      if (result >= 0) return;
      if (!isFull(result)) throw new SendError(result);
    }
  }

  #result(bytes: Uint8Array, mayBeSealed: number): Promise<number> {
    return new Promise((resolve) => {
      if (this.#native.deliver(this.#fd, this.#path, bytes, mayBeSealed, resolve) >= 0) return;
      this.#timers.after(pauseMs, () => {
        resolve(this.#native.sendDatagram(this.#fd, this.#path, bytes, mayBeSealed));
      });
    });
  }

  /** Throws a SendError when nobody listens; an empty datagram is one that journald and syslog daemons ignore. */
  probe(): void {
    const result = this.#native.sendDatagram(this.#fd, this.#path, new Uint8Array(), 0);
    if (result < 0 && result !== -errno.EAGAIN) throw new SendError(result);
  }

  close(): void {
    this.#native.closeDescriptor(this.#fd);
  }
}

/** A socket to whom listens at the path; throws REC_SOCKET_OPEN when nobody does. */
export function openDatagram(native: DatagramNative, path: string, timers: Timers): Datagram {
  try {
    const datagram = new Datagram(native, path, timers);
    datagram.probe();
    return datagram;
  } catch (cause) {
    throw new RecError("REC_SOCKET_OPEN", { path, why: systemReason(cause) }, cause);
  }
}
