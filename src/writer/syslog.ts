/** The syslog writer: each message as a line of the local syslog daemon, in the form of RFC 3164. */
import { RecError } from "../errors.ts";
import type { EncodedMessage } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import { twoDigits } from "../two-digits.ts";
import { type Datagram, type DatagramNative, openDatagram } from "./datagram.ts";
import type { Writer } from "./writer.ts";

export interface SyslogOptions {
  /** What a line begins with after its time: the program's name. */
  readonly tag: string;
  /** 0 to 23, as in RFC 3164 table 1. */
  readonly facility: number;
  /** 0 (emerg) to 7 (debug). */
  readonly priority: number;
  /** Most bytes that the receiver keeps of a line; messages must be encoded to fit. */
  readonly lineBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export const syslogSocket = "/dev/log";
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What a line holds beside the message: priority, time, tag and pid. */
export const syslogHeaderBytes = 64;

/** `<priority>Mmm dd hh:mm:ss tag[pid]: `, the beginning of every line. */
export function syslogHeader({ facility, priority, tag, now }: Omit<SyslogOptions, "lineBytes">): string {
  const time = new Date(now());
  const day = String(time.getDate()).padStart(2, " ");
  const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}:${twoDigits(time.getSeconds())}`;
  return `<${facility * 8 + priority}>${months[time.getMonth()]} ${day} ${clock} ${tag}[${process.pid}]: `;
}

export class SyslogWriter implements Writer {
  readonly name = syslogSocket;
  readonly #datagram: Datagram;
  readonly #options: SyslogOptions;

  private constructor(datagram: Datagram, options: SyslogOptions) {
    this.#datagram = datagram;
    this.#options = options;
  }

  /** Throws REC_SOCKET_OPEN when no daemon listens. */
  static open(native: DatagramNative, options: SyslogOptions, timers: Timers): SyslogWriter {
    return new SyslogWriter(openDatagram(native, syslogSocket, timers), options);
  }

  /** A line over the limit is refused: the daemon would cut it, and half a message cannot be played. */
  write(message: EncodedMessage): Promise<void> | undefined {
    const line = Buffer.concat([
      Buffer.from(syslogHeader(this.#options)),
      message.line.subarray(0, message.line.length - 1),
    ]);
    const { lineBytes } = this.#options;
    if (line.length > lineBytes) {
      const why = `message ${message.id} has ${line.length} bytes, and the daemon keeps ${lineBytes} of a line`;
      return Promise.reject(new RecError("REC_FILE_WRITE", { path: syslogSocket, why }));
    }
    return this.#datagram.send(line, { mayBeSealed: false });
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#datagram.close();
    return Promise.resolve();
  }
}
