/** The administrator's log: where a login tells what does not concern its user, since nobody may be watching. */
import { userInfo } from "node:os";
import { facilityNumber, priorityNumber } from "./config/syslog-names.ts";
import type { DatagramNative } from "./writer/datagram.ts";
import { syslogHeader, syslogSocket } from "./writer/syslog.ts";

/** What daemons keep of a line at least. */
const lineBytes = 1024;

/** Sends the text, made one line, as authpriv.err; never waits. False when nobody took it. */
export function tellAdministrator(native: DatagramNative, tag: string, text: string): boolean {
  const origin = { facility: facilityNumber("authpriv"), priority: priorityNumber("err"), tag, now: Date.now };
  const line = `${syslogHeader(origin)}user ${user()}: ${text.trim().replaceAll("\n", "; ")}`;
  const fd = native.datagramSocket();
  if (fd < 0) return false;
  const result = native.sendDatagram(fd, Buffer.from(syslogSocket), Buffer.from(line).subarray(0, lineBytes), 0);
  native.closeDescriptor(fd);
  return result >= 0;
}

function user(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}
