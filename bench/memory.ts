/** Memory: the recorder's private pages in a quiet shell, and after much text. */
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { type Row, rowOf } from "./row.ts";
import { RecordedShell, shellCommand } from "./shell.ts";

export async function measureMemory(bench: Bench): Promise<Row[]> {
  const idle: Samples = {};
  const after: Samples = {};
  const { textBytes } = bench.sizes;
  await bench.interleave(["script", "tlog-rec", "rec"], (name) => {
    const shell = new RecordedShell(bench.command(name, shellCommand));
    try {
      shell.settle();
      add(idle, name, shell.privateMegabytes);
      const shown = shell.run(`cat ${bench.text}`);
      if (shown !== textBytes) throw new Error(`${name} showed ${shown} of ${textBytes} bytes`);
      shell.settle();
      add(after, name, shell.privateMegabytes);
    } finally {
      shell.close();
    }
  });
  return [
    rowOf({ what: "private memory, idle", unit: "MB", samples: idle }, [{ bound: "<=", limit: 10 }]),
    rowOf({ what: `the same after ${textBytes / megabyte} MB`, unit: "MB", samples: after }, [
      { bound: "<=", limit: 14 },
    ]),
  ];
}
