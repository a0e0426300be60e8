/**
 * The checksum at the end of every message of a session. TCP's own lets one damaged segment in 65,536 pass, and nothing
 * behind it would notice: a point with a bit changed is a valid point. (Stone & Partridge, "When the CRC and TCP checksum disagree", 2000.)
 *
 * On the wire it is the field `checksum`, number 15, so that any reader of Protocol Buffers can read a sealed message.
 */
import { crc32 } from 'node:zlib';
import { Unavailable } from '@sweep/domain';

/** Field 15 of wire type 5, four bytes. */
const tag = (15 << 3) | 5;
export const sealBytes = 5;

/** @param message encoded, without a checksum */
export function seal(message: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(message.byteLength + sealBytes);
  sealed.set(message);
  sealed[message.byteLength] = tag;
  sealed.writeUInt32LE(crc32(message), message.byteLength + 1);
  return sealed;
}

/** What ends in no seal at all: a sender before protocol 2 never made any. */
export const isUnsealed = (message: Buffer): boolean => message.byteLength < sealBytes || message[message.byteLength - sealBytes] !== tag;

/** @returns the message without its checksum. @throws Unavailable when it was changed on its way */
export function unseal(sealed: Buffer): Buffer {
  const end = sealed.byteLength - sealBytes;
  if (!isUnsealed(sealed)) {
    const message = sealed.subarray(0, end);
    if (sealed.readUInt32LE(end + 1) === crc32(message)) return message;
  }
  throw new Unavailable(`a message of ${sealed.byteLength} bytes was changed on its way: its checksum does not agree`);
}
