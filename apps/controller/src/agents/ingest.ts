/**
 * Group commit of everything that agents stream: while one transaction commits, the next one collects.
 *
 * So a commit carries what arrived meanwhile, from all agents, and the rate of commits follows the disk. A caller's promise
 * resolves after the commit that holds its batch; only then may the agent forget it.
 */
import { type PointBatch, type RunId, type SweepId, Unavailable } from '@sweep/domain';
import type { LogChunk, Store } from '@sweep/store';

export interface IngestTarget {
  readonly run: RunId;
  readonly attempt: number;
  readonly sweep: SweepId;
}

interface Waiting<Item> {
  readonly item: Item;
  resolve(result: number): void;
  reject(error: unknown): void;
}

/** Bounds one transaction; what is beyond waits for the next. */
const mostPerCommit = 2_000;

export class Ingest {
  readonly #points: GroupCommit<{ readonly target: IngestTarget; readonly batch: PointBatch }>;
  readonly #logs: GroupCommit<LogChunk>;

  /** @param onPoints told after each commit, once per batch that was in it */
  constructor(store: Store, onPoints: (target: IngestTarget, batch: PointBatch) => void) {
    this.#points = new GroupCommit(async (items) => {
      const results = await store.metrics.append(items.map(({ target, batch }) => ({ run: target.run, attempt: target.attempt, batch })));
      for (const { target, batch } of items) onPoints(target, batch);
      return results.map((result) => result.sequence);
    });
    this.#logs = new GroupCommit((chunks) => store.logs.append(chunks));
  }

  /** Highest committed sequence of the attempt. */
  points(target: IngestTarget, batch: PointBatch): Promise<number> {
    return this.#points.add({ target, batch });
  }

  /** Length of the stream in bytes. */
  log(chunk: LogChunk): Promise<number> {
    return this.#logs.add(chunk);
  }

  /** Waits for everything that was added. */
  async flush(): Promise<void> {
    await Promise.all([this.#points.idle(), this.#logs.idle()]);
  }
}

class GroupCommit<Item> {
  #waiting: Waiting<Item>[] = [];
  #committing: Promise<void> | undefined;

  constructor(private readonly commit: (items: readonly Item[]) => Promise<readonly number[]>) {}

  add(item: Item): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#committing ??= this.#run();
    });
  }

  async idle(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
  }

  async #run(): Promise<void> {
    // A turn of the event loop: messages that arrived in the same read share the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, mostPerCommit);
      await this.#commitGroup(group);
    }
    this.#committing = undefined;
  }

  async #commitGroup(group: readonly Waiting<Item>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index]!);
    } catch (error) {
      if (group.length === 1 || error instanceof Unavailable) for (const { reject } of group) reject(error);
      // One of them cannot be stored, and it must not keep those of others out.
      else for (const one of group) await this.#commitGroup([one]);
    }
  }
}
