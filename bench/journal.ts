/** Journal: text through a pseudo-terminal to journald, its CPU time, how many messages it becomes and what they occupy. */
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { type Journald, type Journalist, journalists, withJournald } from "./journald.ts";
import { type Row, rowOf } from "./row.ts";
import { type Ending, Terminal } from "./terminal.ts";

export function measureJournal(bench: Bench): Promise<Row[]> {
  return withJournald(bench, (journald) => measureWriting(bench, journald));
}

async function measureWriting(bench: Bench, journald: Journald): Promise<Row[]> {
  const speeds: Samples = {};
  const cpu: Samples = {};
  const messages: Samples = {};
  const sizes: Samples = {};
  const megabytes = bench.sizes.textBytes / megabyte;
  await bench.interleave(journalists, (name) => {
    journald.restartEmpty();
    const { pid, wallMs, cpuSeconds } = recordText(bench, journald, name);
    journald.sync();
    const ids = journald.query("--output-fields=TLOG_ID", `_PID=${pid}`).match(/^\d+$/gm) ?? [];
    journald.end("SIGTERM");
    add(speeds, name, megabytes / (wallMs / 1000));
    add(cpu, name, cpuSeconds);
    add(messages, name, ids.length / megabytes);
    add(sizes, name, journald.diskBytes / bench.sizes.textBytes);
  });
  const what = `${megabytes} MB of text to journald`;
  return [
    rowOf({ what, unit: "MB/s", samples: speeds }, [{ over: "tlog-rec", bound: ">=", limit: 2 }]),
    rowOf({ what: "CPU for it, cat included", unit: "s", samples: cpu }, [
      { over: "tlog-rec", bound: "<=", limit: 0.4 },
    ]),
    rowOf({ what: "its messages", unit: "a MB", samples: messages }, [{ over: "tlog-rec", bound: "<=", limit: 0.1 }]),
    rowOf({ what: "its journal", unit: "x shown", samples: sizes }, [{ over: "tlog-rec", bound: "<=", limit: 1 }]),
  ];
}

/** A recorder that waits for a journald that runs waits for ever. */
const patienceMs = 20_000;

/** The bench's text, shown by a recorded cat. */
export function recordText(bench: Bench, journald: Journald, name: Journalist): Ending & { readonly pid: number } {
  const terminal = new Terminal(journald.command(name, ["cat", bench.text]));
  const bytes = drained(terminal);
  const ending = terminal.finish();
  if (ending.exit !== 0) throw new Error(`${name}: exit status ${ending.exit}`);
  if (bytes < bench.sizes.textBytes) throw new Error(`${name} showed ${bytes} of ${bench.sizes.textBytes} bytes`);
  return { ...ending, pid: terminal.pid };
}

function drained(terminal: Terminal): number {
  try {
    return terminal.drain(patienceMs);
  } catch (error) {
    terminal.hangUp();
    throw error;
  }
}
