/** The options of the recorders that say where a recording goes. */
import type { Option } from "./option.ts";
import { facilityNames, priorityNames } from "./syslog-names.ts";

/** The media a recorder can write to; one more medium is one more word here. */
const writerNames = ["file", "folder", "journal", "syslog", "none"] as const;

const rec = ["rec"] as const;
const recorders = ["rec", "rec-session"] as const;

export const mediumOptions = [
  {
    path: "writer",
    type: { kind: "choices", choices: writerNames, alone: "none" },
    default: ["folder"],
    // A login goes to the system's journal, and is not refused where there is none.
    defaultIn: { "rec-session": ["journal"] },
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    short: "w",
    long: "writer",
    placeholder: "LIST",
    help: "To file, folder, journal, syslog, none",
    details:
      "Several media are written at once: separate them by commas, or give the option several times; a configuration file holds one name or a list. 'folder' makes one file per recording in the recordings folder, 'file' appends to the file of file.path, 'journal' and 'syslog' hand it to the system's daemon, 'none' records nothing.",
  },
  {
    path: "file.path",
    type: { kind: "string" },
    default: undefined,
    example: "/var/log/rec-session.log",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    short: "o",
    long: "file-path",
    placeholder: "FILE",
    help: "Write the recording to FILE (implies -w file)",
    details:
      "The file is made with mode 0600 if it does not exist, and appended to if it does. Where no writer is chosen beside it, it also chooses the writer 'file'.",
  },
  {
    path: "folder.path",
    type: { kind: "string" },
    default: undefined,
    defaultText: "$XDG_DATA_HOME/rec-session, or ~/.local/share/rec-session",
    defaultTextIn: {
      "rec-session":
        "/var/log/rec-session; in a checkout .local/share/rec-session in the home that the passwd database names",
    },
    example: "/var/lib/rec-session",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "folder-path",
    placeholder: "DIR",
    help: "Keep recordings in the folder DIR",
    details:
      "Each recording is a file of its own, named by date, user and recording ID. The folder is made with mode 0700 if it does not exist.",
  },
  {
    path: "required",
    type: { kind: "choices", choices: writerNames, alone: "none" },
    default: undefined,
    defaultText: "all writers",
    example: "journal",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "required",
    placeholder: "LIST",
    help: "Of several writers, LIST must not fail (all)",
    details:
      "A writer that must not fail holds the session to buffer.policy while its medium takes nothing, and makes the recorder fail at the end. Another one is left out, without a fallback, which is told on standard error.",
  },
  {
    path: "fallback-writer",
    type: { kind: "choice", choices: writerNames },
    default: "none",
    defaultIn: { "rec-session": "folder" },
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "fallback-writer",
    placeholder: "NAME",
    help: "Where a writer cannot be opened, use NAME",
    details:
      "It also takes, at the end of a session, what a required writer has not taken within 5 seconds. With 'none' a session does not start when a required writer cannot be opened, for instance because journald is not there.",
  },
  {
    path: "journal.priority",
    type: { kind: "choice", choices: priorityNames },
    default: "info",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "journal-priority",
    placeholder: "NAME",
    help: "Priority of journal entries",
  },
  {
    path: "journal.augment",
    type: { kind: "boolean" },
    default: true,
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "journal-augment",
    help: "Give journal entries fields of their own",
    details:
      "TLOG_REC, TLOG_USER, TLOG_SESSION and TLOG_ID as tlog does, and REC_* in the first and the last one. Without them a recording is hard to find.",
  },
  {
    path: "journal.namespace",
    type: { kind: "string" },
    default: undefined,
    defaultText: "the system's journal; in a login what recctl enable set up",
    example: "recordings",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "journal-namespace",
    placeholder: "NAME",
    help: "Write to the journal of journald@NAME",
  },
  {
    path: "syslog.facility",
    type: { kind: "choice", choices: facilityNames },
    default: "authpriv",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "syslog-facility",
    placeholder: "NAME",
    help: "Facility of syslog lines",
  },
  {
    path: "syslog.priority",
    type: { kind: "choice", choices: priorityNames },
    default: "info",
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "syslog-priority",
    placeholder: "NAME",
    help: "Priority of syslog lines",
  },
  {
    path: "syslog.line",
    type: { kind: "integer", min: 1024, max: 1_048_576 },
    default: 8192,
    cli: rec,
    file: recorders,
    decidedBy: "administrator",
    long: "syslog-line",
    placeholder: "BYTES",
    help: "Make no syslog line longer than BYTES",
    details:
      "What the daemon keeps of a line: 8192 in rsyslog (MaxMessageSize) unless it was told otherwise. Messages are made smaller to fit, whatever payload says.",
  },
] as const satisfies readonly Option[];
