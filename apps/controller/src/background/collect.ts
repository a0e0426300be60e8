/**
 * Gives back what nobody uses any more: sweeps and runs that were deleted a month ago, events as old, artifacts whose time is over, then contents that
 * nothing refers to, and what is left of uploads that were cut short with their controller.
 *
 * A content is looked at a day after it lost a reference. Whoever refers to it meanwhile, even in the moment in which it is removed,
 * keeps it: the removed one is still held open, and put back.
 */
import type { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import { type BlobHash, NotFound } from '@sweep/domain';
import type { Clock, Logger } from '@sweep/runtime';
import type { Dropped, Store } from '@sweep/store';

const rowsAtOnce = 200;
/** Each is an open file for a while. */
const blobsAtOnce = 50;
const keptForMs = 86_400_000;
const deletedForMs = 30 * 86_400_000;
/** Each has trials, runs and their rows: one transaction. */
const deletedAtOnce = 10;
/** By a preview, which asks for each. */
const countedAtMost = 10_000;
/** From the end of an upload to the row that says so it takes far less. */
const settledAfterMs = 30_000;

export interface Collected {
  readonly sweeps: number;
  /** Of no sweep's trials. */
  readonly runs: number;
  readonly events: number;
  /** Versions and contents whose time is over; some are found to be used still. */
  readonly artifacts: number;
  readonly blobs: number;
  /** Of uploads that were cut short; null where they were not looked for. */
  readonly leftovers: number | null;
}

export interface CollectParts {
  readonly store: Pick<Store, 'artifacts' | 'files' | 'now' | 'retention'>;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Collect {
  constructor(private readonly parts: CollectParts) {}

  async run(): Promise<Collected> {
    const { store, blobs, log } = this.parts;
    const now = await store.now();
    const leftovers = await blobs.sweepTemporary(keptForMs);
    const dropped = await this.#dropDeleted(now - deletedForMs);
    let artifacts = 0;
    for (let done = 1; done > 0; artifacts += done) done = await store.artifacts.collect(now, rowsAtOnce);
    let removed = 0;
    for (;;) {
      const candidates = await store.artifacts.garbage(now - keptForMs, blobsAtOnce);
      if (candidates.length === 0) break;
      removed += await this.#remove(candidates);
    }
    const collected = { ...dropped, artifacts, blobs: removed, leftovers };
    if (Object.values(collected).some((count) => count > 0)) log.info(collected, 'what nobody uses any more was given back');
    return collected;
  }

  /** What a run would find at this moment, and no more than `countedAtMost` of each. */
  async preview(): Promise<Collected> {
    const { store } = this.parts;
    const now = await store.now();
    const due = await store.retention.due(now - deletedForMs);
    const artifacts = await store.artifacts.due(now, countedAtMost);
    let blobs = 0;
    for (const blob of await store.artifacts.garbage(now - keptForMs, countedAtMost)) if (!(await store.files.referenced(blob))) blobs++;
    return { ...due, artifacts, blobs, leftovers: null };
  }

  async #dropDeleted(before: number): Promise<Dropped> {
    const all = { sweeps: 0, runs: 0, events: 0 };
    for (;;) {
      const { sweeps, runs, events } = await this.parts.store.retention.drop(before, deletedAtOnce);
      if (sweeps + runs + events === 0) return all;
      all.sweeps += sweeps;
      all.runs += runs;
      all.events += events;
    }
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
