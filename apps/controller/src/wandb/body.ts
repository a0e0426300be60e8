/** Bodies read whole, within a limit, unpacked where the client packed them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Invalid, TooLarge } from '@sweep/domain';

/** Clients send up to about 10 MiB at once. */
export const mostBodyBytes = 16 * 1024 * 1024;

/** @throws TooLarge, Invalid */
export async function readBody(body: Readable, headers: IncomingHttpHeaders): Promise<string> {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Invalid(`the body is packed by "${encoding}": send it as it is, or by gzip`);
  const unpacked = encoding === 'gzip' ? body.pipe(createGunzip()) : body;
  // A pipe hands no errors on.
  if (unpacked !== body) body.once('error', (error) => unpacked.destroy(error));
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of unpacked) {
      const chunk = part as Buffer;
      size += chunk.byteLength;
      if (size > mostBodyBytes) throw new TooLarge(`the body is larger than ${mostBodyBytes} bytes: send less at once`);
      parts.push(chunk);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw new Invalid('the body is not what gzip makes');
    throw error;
  }
  return Buffer.concat(parts, size).toString('utf8');
}

/** @throws Invalid */
export function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Invalid(`the body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}
