/** A field of a journal entry, as journald's native protocol and the export format both write it. */

/**
 * https://systemd.io/JOURNAL_EXPORT_FORMATS: only printable UTF-8 and tabs may stand after "=". A value with other control
 * characters is given with its length, so that it cannot begin a field or an entry of its own.
 */
export function journalField(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from("\n")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n")]);
}
