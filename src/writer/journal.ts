/** The journal writer: each message as an entry of journald, by its native protocol. */
import type { EncodedMessage, Identity } from "../format/message.ts";
import { journalField } from "../journal-field.ts";
import type { Timers } from "../timers.ts";
import { type Datagram, type DatagramNative, openDatagram } from "./datagram.ts";
import type { Writer } from "./writer.ts";

export interface JournalOptions {
  readonly identity: Identity;
  /** SYSLOG_IDENTIFIER: the program's name. */
  readonly identifier: string;
  /** 0 (emerg) to 7 (debug). */
  readonly priority: number;
  /** Whether entries get fields of their own beside MESSAGE, by which the journal finds them. */
  readonly augments: boolean;
  /** A journal of its own (journald@NAMESPACE); undefined for the system's. */
  readonly namespace: string | undefined;
}

/** Where journald listens: its native protocol, https://systemd.io/JOURNAL_NATIVE_PROTOCOL. */
export function journalSocket(namespace: string | undefined): string {
  return `/run/systemd/journal${namespace === undefined ? "" : `.${namespace}`}/socket`;
}

const lineEnd = Buffer.from("\n");
const messageField = Buffer.from("MESSAGE=");
/** So that entries of nearly the same length use one buffer. */
const spareBytes = 1024;
/** UTF-16 units. In UTF-8, with the field's name, less than 4096 bytes: of larger values `journalctl -o json` says nothing, and lists believe it. */
const mostCommand = 1300;

export class JournalWriter implements Writer {
  readonly name: string;
  readonly #datagram: Datagram;
  readonly #options: JournalOptions;
  readonly #common: Uint8Array;
  #entry = new Uint8Array();

  private constructor(datagram: Datagram, options: JournalOptions) {
    this.name = journalSocket(options.namespace);
    this.#datagram = datagram;
    this.#options = options;
    const { identity, identifier, priority, augments } = options;
    const { rec, user, session } = identity;
    const own = augments
      ? [journalField("TLOG_REC", rec), journalField("TLOG_USER", user), journalField("TLOG_SESSION", `${session}`)]
      : [];
    this.#common = Buffer.concat([
      ...own,
      journalField("PRIORITY", `${priority}`),
      journalField("SYSLOG_IDENTIFIER", identifier),
    ]);
  }

  /** Throws REC_SOCKET_OPEN when no journald listens. */
  static open(native: DatagramNative, options: JournalOptions, timers: Timers): JournalWriter {
    return new JournalWriter(openDatagram(native, journalSocket(options.namespace), timers), options);
  }

  write(message: EncodedMessage): Promise<void> | undefined {
    const index = this.#options.augments ? indexFields(message) : [];
    const line = message.line.subarray(0, message.line.length - 1);
    const entry = this.#compose([this.#common, ...index, messageField, line, lineEnd]);
    return this.#datagram.send(entry, { mayBeSealed: true });
  }

  /** In one buffer for all entries, as only one is written at a time: garbage of this size costs a session megabytes. */
  #compose(parts: readonly Uint8Array[]): Uint8Array {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (this.#entry.length < length) this.#entry = new Uint8Array(length + spareBytes);
    let at = 0;
    for (const part of parts) {
      this.#entry.set(part, at);
      at += part.length;
    }
    return this.#entry.subarray(0, length);
  }

  /** journald syncs by its own rule (SyncIntervalSec=). */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#datagram.close();
    return Promise.resolve();
  }
}

/** What lists of recordings need, so that they never have to read a whole message. */
function indexFields({ id, start, transfer, end }: EncodedMessage): Buffer[] {
  const fields = [journalField("TLOG_ID", `${id}`)];
  if (start !== undefined) {
    fields.push(
      journalField("REC_EVENT", "start"),
      journalField("REC_COMMAND", start.command.join(" ").slice(0, mostCommand)),
    );
    if (start.tty !== null) fields.push(journalField("REC_TTY", start.tty));
    if (start.peer !== null) fields.push(journalField("REC_PEER", start.peer));
  }
  if (transfer !== undefined) {
    fields.push(journalField("REC_TRANSFER", transfer.command.join(" ").slice(0, mostCommand)));
    fields.push(
      journalField("REC_TRANSFER_IN_BYTES", `${transfer.inBytes}`),
      journalField("REC_TRANSFER_OUT_BYTES", `${transfer.outBytes}`),
    );
  }
  if (end !== undefined) {
    fields.push(journalField("REC_EVENT", "end"), journalField("REC_MESSAGES", `${end.messages}`));
    fields.push(end.signal === null ? journalField("REC_EXIT", `${end.exit}`) : journalField("REC_SIGNAL", end.signal));
    fields.push(journalField("REC_IN_BYTES", `${end.inBytes}`), journalField("REC_OUT_BYTES", `${end.outBytes}`));
    fields.push(journalField("REC_DURATION", `${end.durationMs}`));
  }
  return fields;
}
