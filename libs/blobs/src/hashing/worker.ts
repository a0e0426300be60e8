/** The hashing thread's side. */
import type { MessagePort } from 'node:worker_threads';
import { Hashes } from './digests.js';
import type { FromHashThread, ToHashThread } from './messages.js';

/** @param port to the thread that started this one */
export function serveHashing(port: MessagePort): void {
  const open = new Map<number, Hashes>();
  port.on('message', (message: ToHashThread) => {
    const { content } = message;
    const hashes = open.get(content) ?? new Hashes();
    open.set(content, hashes);
    if (message.kind === 'piece') {
      hashes.update(new Uint8Array(message.piece, 0, message.length));
      port.postMessage({ kind: 'taken', content, piece: message.piece } satisfies FromHashThread, [message.piece]);
      return;
    }
    open.delete(content);
    if (message.kind === 'end') port.postMessage({ kind: 'digests', content, digests: hashes.digests() } satisfies FromHashThread);
  });
}
