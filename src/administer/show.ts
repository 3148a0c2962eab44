/** recctl show: all that is known of one recording. */
import { inColumns } from "../catalog/columns.ts";
import { formatDate } from "../catalog/date.ts";
import { stateOf } from "../catalog/recording.ts";
import { checkPlayable, isForeign } from "../conclusion.ts";
import type { CommandLine } from "../play/commands.ts";
import { type Fact, factLines, Info } from "../play/info.ts";
import { formatMoment } from "../play/time.ts";
import { printable, printableJson } from "../printable.ts";
import type { Context } from "./context.ts";
import { type OneRecording, openRecording } from "./one-recording.ts";
import { placeOptions } from "./place-options.ts";
import { subcommand } from "./subcommand.ts";

export const show = subcommand({
  name: "show",
  operands: { usage: "ID|FILE", min: 1, max: 1 },
  summary: "show all that is known of a recording",
  description: [
    "Reads the whole recording and prints who was recorded, where, when and from where, how long, how much passed, how it ended, what is missing of it, and, where the journal has it, who wrote it as the kernel told journald.",
    "With --commands the command lines that can be seen on the screen are listed. A shell that marks them (OSC 133) tells where they begin and end, and their exit status: told. Otherwise the text behind what looks like a prompt is taken: guessed. What a user typed but no terminal showed, such as the lines of a script, is not there, nor what he typed in a program that has the whole screen, as tmux, unless a shell tells it; what a program printed to look like a prompt is.",
  ],
  options: [
    {
      path: "marks",
      type: { kind: "flag" },
      long: "marks",
      help: "List the moments that one would go to",
      details:
        "Silence that ends, other sizes, bells, titles, the alternate screen, prompts and commands that a shell told, what is missing.",
    },
    { path: "commands", type: { kind: "flag" }, long: "commands", help: "List the command lines that can be seen" },
    {
      path: "json",
      type: { kind: "flag" },
      long: "json",
      help: "JSON: one object, or of each mark or command",
      details: "Times are in milliseconds, those of marks and commands from the recording's beginning.",
    },
    ...placeOptions,
  ],
  examples: [
    ["recctl show 79ee-15713", "who, when, and what is missing"],
    ["recctl show --commands 79ee-15713", "what was typed at prompts"],
  ],
  exitStatus: [["3", "It was shown, but something is missing or forged."]],
  async run(context, values, [wanted = ""]) {
    const recording = await openRecording(context, values, wanted);
    try {
      if (values.marks) await showMarks(context, recording, values.json);
      else if (values.commands) await showCommands(context, recording, values.json);
      else await showFacts(context, recording, values.json);
    } finally {
      await recording.opened.close();
    }
    return isForeign(recording.opened) ? 3 : recording.opened.report.status;
  },
});

async function showFacts(context: Context, recording: OneRecording, isJson: boolean): Promise<void> {
  const info = new Info();
  for await (const batch of recording.opened.items) for (const item of batch) info.take(item);
  checkPlayable(recording.source, recording.opened);
  const { source, opened } = recording;
  const { sender, report } = opened;
  const record = info.record(source.name, sender);
  const state = stateOf(String(record["rec"]), report.isEnded, record["command"] !== null);
  if (isJson) {
    const text = JSON.stringify({ ...record, state, missing: report.lines });
    await context.write(`${printableJson(text)}\n`);
    return;
  }
  const missing = report.lines.map((line, i): Fact => [i === 0 ? "missing" : "", line]);
  const facts = info.facts(source.name, sender, formatDate);
  await context.write(factLines([...facts, ["state", state], ...missing]));
}

async function showCommands(context: Context, recording: OneRecording, isJson: boolean): Promise<void> {
  const { Commands } = await import("../play/commands.ts");
  const commands = new Commands();
  for await (const batch of recording.opened.items) for (const item of batch) commands.take(item);
  checkPlayable(recording.source, recording.opened);
  for (const line of recording.opened.report.lines) context.tell(line);
  if (commands.omitted > 0) context.tell(`${commands.omitted} more commands are not listed`);
  await context.write(isJson ? commandLines(commands.found) : commandTable(commands.found, context.columns));
}

async function showMarks(context: Context, recording: OneRecording, isJson: boolean): Promise<void> {
  const [{ Emulator }, { Marks }] = await Promise.all([
    import("../emulator/emulator.ts"),
    import("../play/timeline/mark.ts"),
  ]);
  const emulator = Emulator.open({ scrollback: 0 });
  const marks = new Marks();
  let atMs = 0;
  emulator.listen((event) => marks.hear(event, atMs));
  for await (const batch of recording.opened.items) {
    for (const item of batch) {
      marks.take(item);
      if (item.kind === "window") emulator.resize(item.columns, item.rows);
      if (item.kind !== "output") continue;
      ({ atMs } = item);
      emulator.feed(item.bytes);
    }
  }
  checkPlayable(recording.source, recording.opened);
  if (isJson) {
    const lines = marks.list.map(
      ({ kind, atMs: at, text }) => `${printableJson(JSON.stringify({ at, kind, text }))}\n`,
    );
    await context.write(lines.join(""));
    return;
  }
  const rows = marks.list.map(({ kind, atMs: at, text }) => [formatMoment(at), kind, printable(text)]);
  await context.write(
    inColumns([{ title: "AT" }, { title: "MARK" }, { title: "TEXT", min: 1 }], rows, context.columns),
  );
}

function commandLines(commands: readonly CommandLine[]): string {
  return commands
    .map(({ atMs, text, isTold, status }) => {
      const record = { at: atMs, command: text, how: how(isTold), status };
      return `${printableJson(JSON.stringify(record))}\n`;
    })
    .join("");
}

function commandTable(commands: readonly CommandLine[], width: number | null): string {
  const columns = [{ title: "AT" }, { title: "HOW" }, { title: "STATUS" }, { title: "COMMAND", min: 1 }];
  const rows = commands.map(({ atMs, text, isTold, status }) => [
    formatMoment(atMs),
    how(isTold),
    status === null ? "-" : String(status),
    printable(text),
  ]);
  return inColumns(columns, rows, width);
}

function how(isTold: boolean): "told" | "guessed" {
  return isTold ? "told" : "guessed";
}
