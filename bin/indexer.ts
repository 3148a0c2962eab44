/** The thread that reads recordings for recctl's index. */
import { parentPort, workerData } from "node:worker_threads";
import { serveReader } from "../src/indexing/served-reader.ts";

if (parentPort !== null) serveReader(parentPort, workerData as string | undefined);
