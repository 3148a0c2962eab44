import { expect, test } from "vitest";
import type { ProgramName } from "./option.ts";
import { programNamed } from "./program.ts";

test.each<[argv0: string, own: ProgramName, invokedAs: string, systemPath: string, prefix: string | null]>([
  ["rec", "rec", "rec", "/etc/rec-session/rec.conf", "REC"],
  ["/usr/bin/tlog-rec", "rec", "tlog-rec", "/etc/tlog/tlog-rec.conf", "TLOG_REC"],
  ["whatever", "rec", "rec", "/etc/rec-session/rec.conf", "REC"],
  ["", "rec", "rec", "/etc/rec-session/rec.conf", "REC"],
  ["tlog-play", "rec", "rec", "/etc/rec-session/rec.conf", "REC"],
  ["-rec-session", "rec-session", "rec-session", "/etc/rec-session/rec-session.conf", "REC_SESSION"],
  ["-bash", "rec-session", "rec-session", "/etc/rec-session/rec-session.conf", "REC_SESSION"],
  ["-tlog-rec-session", "rec-session", "tlog-rec-session", "/etc/tlog/tlog-rec-session.conf", "TLOG_REC_SESSION"],
  [
    "tlog-rec-session-shell-bin-my\\-sh",
    "rec-session",
    "tlog-rec-session",
    "/etc/tlog/tlog-rec-session.conf",
    "TLOG_REC_SESSION",
  ],
  ["./rec-session-shell-bin-zsh", "rec-session", "rec-session", "/etc/rec-session/rec-session.conf", "REC_SESSION"],
  ["rec-play", "rec-play", "rec-play", "/etc/rec-session/rec-play.conf", null],
  ["/x/tlog-play", "rec-play", "tlog-play", "/etc/tlog/tlog-play.conf", null],
])("%s as %s", (argv0, own, invokedAs, systemPath, environmentPrefix) => {
  const isTlog = invokedAs.startsWith("tlog");
  expect(programNamed(argv0, own)).toMatchObject({ name: own, invokedAs, systemPath, environmentPrefix, isTlog });
});
