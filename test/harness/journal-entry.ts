/** Entries of a journal that no recorder wrote: by the test's own process, in journald's native protocol. */
import { native } from "../../src/terminal/native.ts";
import type { Journald } from "./journald.ts";

/** The same as `sendEntry` for each; values must not hold newlines. */
export async function sendEntries(
  journald: Journald,
  entries: Iterable<Readonly<Record<string, string>>>,
): Promise<void> {
  const fd = native.datagramSocket();
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    // journald's queue is short: a full one is waited for.
    while (native.sendDatagram(fd, Buffer.from(journald.socket), bytes, 0) < 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  native.closeDescriptor(fd);
}

/** One that no datagram holds, but up to 32 MB. */
export async function sendLargeEntry(journald: Journald, entry: Readonly<Record<string, string>>): Promise<void> {
  const fd = native.datagramSocket();
  while (native.sendDatagram(fd, Buffer.from(journald.socket), bytesOf(entry), 1) < 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  native.closeDescriptor(fd);
}

function bytesOf(entry: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    Object.entries(entry)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
}
