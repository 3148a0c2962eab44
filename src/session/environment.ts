/** The user's environment as a block of NUL-ended NAME=value strings, which may hold any bytes. */

/** The block with one variable set: in place of its first, or at the end. */
export function withVariable(environment: Uint8Array, name: string, value: string): Uint8Array {
  const block = Buffer.from(environment.buffer, environment.byteOffset, environment.byteLength);
  const assignment = Buffer.from(`${name}=`);
  const parts: Uint8Array[] = [];
  const wanted = Buffer.from(`${name}=${value}\0`);
  let isSet = false;
  for (let at = 0; at < block.length; ) {
    const end = block.indexOf(0, at) + 1 || block.length;
    const isIt = block.subarray(at, at + assignment.length).equals(assignment);
    if (!isIt) parts.push(block.subarray(at, end));
    else if (!isSet) parts.push(wanted);
    isSet ||= isIt;
    at = end;
  }
  if (!isSet) parts.push(wanted);
  return Buffer.concat(parts);
}

/** The first value of a variable, in bytes; undefined where it is not set. */
export function variable(environment: Uint8Array, name: string): Buffer | undefined {
  const block = Buffer.from(environment.buffer, environment.byteOffset, environment.byteLength);
  const start = Buffer.from(`${name}=`);
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf(0, at);
    const end = found === -1 ? block.length : found;
    if (block.subarray(at, at + start.length).equals(start)) return block.subarray(at + start.length, end);
    at = end + 1;
  }
  return undefined;
}
