/**
 * Frames of a TensorBoard event file: length, masked CRC of the length, data, masked CRC of the data.
 *
 * Format: tensorflow/core/lib/io/record_writer.h. Owns the framing; the events inside are `tensorboard-events.ts`.
 */

const headerBytes = 12;
const footerBytes = 4;
/** Larger records are images and graphs, which hold no scalars. */
const maxRecordBytes = 16 * 1024 * 1024;

export interface Records {
  readonly records: readonly Buffer[];
  /** Bytes that were used up; an unfinished record at the end is not. */
  readonly used: number;
  /** The rest cannot be trusted: a checksum was wrong. */
  readonly broken: boolean;
}

/** Whole records at the beginning of the bytes. */
export function readRecords(bytes: Buffer): Records {
  const records: Buffer[] = [];
  let used = 0;
  while (bytes.length - used >= headerBytes) {
    const header = bytes.subarray(used, used + 8);
    const length = Number(header.readBigUInt64LE());
    if (maskedCrc(header) !== bytes.readUInt32LE(used + 8) || length > maxRecordBytes) return { records, used, broken: true };
    const end = used + headerBytes + length + footerBytes;
    if (end > bytes.length) break;
    const data = bytes.subarray(used + headerBytes, end - footerBytes);
    if (maskedCrc(data) !== bytes.readUInt32LE(end - footerBytes)) return { records, used, broken: true };
    records.push(data);
    used = end;
  }
  return { records, used, broken: false };
}

/** How many bytes the record at the beginning needs, so that one larger than a chunk can be read whole. */
export function neededBytes(bytes: Buffer): number {
  return bytes.length < headerBytes ? headerBytes : headerBytes + Number(bytes.readBigUInt64LE()) + footerBytes;
}

export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
