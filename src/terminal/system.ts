/** Results of native calls: a number >= 0, or -errno. */
import { constants } from "node:os";
import { type RecError, systemReason } from "../errors.ts";

export const again = -constants.errno.EAGAIN;
export const interrupted = -constants.errno.EINTR;
export const missing = -constants.errno.ENOENT;
export const notFolder = -constants.errno.ENOTDIR;

/** The result; a failure is thrown as the error made of its reason in words. */
export function checked(result: number, failure: (why: string) => RecError): number {
  if (result >= 0) return result;
  throw failure(systemReason(result));
}
