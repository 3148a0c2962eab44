/** Configuration files of the real file system. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { RecError, systemReason } from "../errors.ts";
import { maxBytes } from "./jsonc.ts";

/** The file's text, undefined when there is no such file; REC_CONFIG_READ for anything else that is not a readable text. */
export function readConfigurationFile(path: string): string | undefined {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a FIFO in the file's place would hold the login for ever.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(path, systemReason(cause), cause);
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw unreadable(path, stat.isDirectory() ? "is a directory" : "not a regular file");
    if (stat.size > maxBytes) throw unreadable(path, `larger than ${maxBytes} bytes`);
    return decode(path, readFileSync(descriptor));
  } catch (cause) {
    throw cause instanceof RecError ? cause : unreadable(path, systemReason(cause), cause);
  } finally {
    closeSync(descriptor);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, "not UTF-8", cause);
  }
}

function unreadable(file: string, why: string, cause?: unknown): RecError {
  return new RecError("REC_CONFIG_READ", { file, why }, cause);
}
