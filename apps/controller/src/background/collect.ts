/**
 * Gives back what nobody uses any more: artifacts whose time is over, then contents that nothing refers to, and what is left of uploads
 * that were cut short with their controller.
 *
 * A content is looked at a day after it lost a reference. Whoever refers to it meanwhile, even in the moment in which it is removed,
 * keeps it: the removed one is still held open, and put back.
 */
import type { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import { type BlobHash, NotFound } from '@sweep/domain';
import type { Clock, Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';

const rowsAtOnce = 200;
/** Each is an open file for a while. */
const blobsAtOnce = 50;
const keptForMs = 86_400_000;
/** From the end of an upload to the row that says so it takes far less. */
const settledAfterMs = 30_000;

export interface CollectParts {
  readonly store: Pick<Store, 'artifacts' | 'files' | 'now'>;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Collect {
  constructor(private readonly parts: CollectParts) {}

  async run(): Promise<void> {
    const { store, blobs, log } = this.parts;
    const now = await store.now();
    const leftovers = await blobs.sweepTemporary(keptForMs);
    if (leftovers > 0) log.info({ leftovers }, 'leftovers of uploads were removed');
    while ((await store.artifacts.collect(now, rowsAtOnce)) > 0);
    let removed = 0;
    for (;;) {
      const candidates = await store.artifacts.garbage(now - keptForMs, blobsAtOnce);
      if (candidates.length === 0) break;
      removed += await this.#remove(candidates);
    }
    if (removed > 0) log.info({ removed }, 'contents that nothing refers to were removed');
  }

  async #remove(candidates: readonly BlobHash[]): Promise<number> {
    const { store, blobs, clock } = this.parts;
    const held: { readonly blob: BlobHash; readonly content: Readable }[] = [];
    for (const blob of candidates) {
      const content = (await store.files.referenced(blob)) ? null : await this.#open(blob);
      if (content === null) continue;
      held.push({ blob, content });
      await blobs.remove(blob);
    }
    if (held.length > 0) await clock.sleep(settledAfterMs);
    let removed = 0;
    for (const { blob, content } of held) {
      if (await store.files.referenced(blob)) await blobs.put(content, { expected: blob });
      else removed += 1;
      content.destroy();
    }
    for (const blob of candidates) await store.artifacts.dropGarbage(blob);
    return removed;
  }

  /** Null: it is gone already. */
  async #open(blob: BlobHash): Promise<Readable | null> {
    try {
      return (await this.parts.blobs.open(blob)).stream;
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  }
}
