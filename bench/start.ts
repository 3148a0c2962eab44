/** Start: a command that does nothing, start to end; beside it Node alone, which ours cannot beat. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { add, type Bench, type Samples } from "./bench.ts";
import { names, root } from "./contestant.ts";
import { type Row, rowOf } from "./row.ts";
import { runInTerminal } from "./terminal.ts";

const emptyNode = [join(root, "build/node"), "-e", "0"];

export async function measureStart(bench: Bench): Promise<Row[]> {
  const starts: Samples = {};
  const node: Samples = {};
  await bench.interleave(names, (name) => {
    for (let i = 0; i < bench.sizes.starts; i++) {
      add(starts, name, runInTerminal(bench.command(name, ["true"])).wallMs);
      rmSync(bench.log, { force: true });
      if (name === "bare") add(node, name, runInTerminal(emptyNode).wallMs);
    }
  });
  return [
    rowOf({ what: "true, start to end", unit: "ms", samples: starts }, [{ over: "tlog-rec", bound: "<=", limit: 2 }]),
    rowOf({ what: "node -e 0, for comparison", unit: "ms", samples: node }, []),
  ];
}
