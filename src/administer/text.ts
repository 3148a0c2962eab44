/** What --help and the man page of recctl say beside its subcommands. */

export const recctlText = {
  summary: "administer recorded sessions",
  description: [
    "Finds, shows and keeps recordings of rec, rec-session and tlog, in folders, in files and in the journal. What a command reads and prints of a recording is escaped: no recording can make a terminal obey it.",
    "Options may be shortened as long as no other begins so, and may follow the arguments.",
  ],
  exitStatus: [
    ["0", "It was done."],
    ["1", "It failed, and standard error says why."],
    ["2", "The command line is wrong."],
  ],
  seeAlso: ["rec(1)", "rec-play(1)", "rec-session(8)", "journalctl(1)"],
} as const;
