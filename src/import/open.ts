/** Files as the sources of imports: opened by name, decompressed where they are compressed. */
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { RecError, systemReason } from "../errors.ts";
import { Bytes } from "./bytes.ts";
import { type Detected, detectImport, headBytes } from "./detect.ts";
import { gunzipped, isGzip } from "./gzip.ts";
import type { ImportSource } from "./source.ts";
import { sudoParts } from "./sudo.ts";

const chunkBytes = 64 * 1024;

/** Told how many bytes were read, each time some were. */
export type Advance = (bytes: number) => void;

/** A file, and others beside it by the names of their parts. */
export function fileSource(parts: Readonly<Record<string, string | undefined>>, advance?: Advance): ImportSource {
  return {
    parts: Object.keys(parts),
    open: async (part) => {
      const path = parts[part];
      return path === undefined ? null : await openBytes(path, 0, advance);
    },
  };
}

/** A folder whose files are the parts. Links in it are not followed: who could make one could have any file imported. */
export function folderSource(folder: string, advance?: Advance): ImportSource {
  return {
    parts: sudoParts,
    open: async (part) => {
      try {
        return await openBytes(join(folder, part), constants.O_NOFOLLOW, advance);
      } catch (error) {
        if (error instanceof RecError && isMissing(error.cause)) return null;
        throw error;
      }
    },
  };
}

/** What is under the path, "sudo" for a folder with a log of sudo. Throws REC_FILE_READ. */
export async function detectFile(path: string): Promise<Detected> {
  if (await isFolder(path)) return (await isFolderOfSudo(path)) ? "sudo" : null;
  const bytes = await openBytes(path);
  try {
    return detectImport(await bytes.exactly(headBytes));
  } finally {
    await bytes.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw readError(path, cause);
  }
}

async function isFolderOfSudo(path: string): Promise<boolean> {
  for (const name of ["log.json", "log"]) {
    const bytes = await folderSource(path).open(name);
    await bytes?.close();
    if (bytes !== null) return true;
  }
  return false;
}

async function openBytes(path: string, flags = 0, advance: Advance = () => {}): Promise<Bytes> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
    const status = await file.stat();
    if (status.isFile()) return new Bytes(contentOf(file, path, advance), () => file.close());
    await file.close();
    throw new RecError("REC_FILE_READ", { path, why: status.isDirectory() ? "is a directory" : "is no regular file" });
  } catch (cause) {
    throw cause instanceof RecError ? cause : readError(path, cause);
  }
}

function readError(path: string, cause: unknown): RecError {
  return new RecError("REC_FILE_READ", { path, why: systemReason(cause) }, cause);
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

async function* contentOf(file: FileHandle, path: string, advance: Advance): AsyncGenerator<Uint8Array> {
  try {
    const first = await nextChunk(file);
    if (first === null) return;
    const all = startingWith(first, file, advance);
    yield* isGzip(first) ? gunzipped(all) : all;
  } catch (cause) {
    throw cause instanceof Error && "syscall" in cause ? readError(path, cause) : cause;
  }
}

async function* startingWith(first: Uint8Array, file: FileHandle, advance: Advance): AsyncGenerator<Uint8Array> {
  for (let chunk: Uint8Array | null = first; chunk !== null; chunk = await nextChunk(file)) {
    yield chunk;
    advance(chunk.length);
  }
}

/** Never one that was used before: importers may keep pieces. */
async function nextChunk(file: FileHandle): Promise<Uint8Array | null> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null);
  return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
}
