/**
 * Sweep rows for hot paths, at most `ttlMs` old and forgotten when an event says that they changed. Whatever is decided from one is
 * guarded again by the write that follows.
 */
import { NotFound, type Sweep, type SweepId } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import type { Store } from '@sweep/store';

const ttlMs = 2_000;

export class LiveSweeps {
  readonly #rows = new Map<SweepId, { readonly sweep: Sweep; readonly readAt: number }>();
  #open: { readonly ids: readonly SweepId[]; readonly readAt: number } | null = null;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  async get(id: SweepId): Promise<Sweep> {
    const known = this.#rows.get(id);
    if (known !== undefined && this.#isFresh(known.readAt)) return known.sweep;
    const sweep = await this.store.sweeps.find(id);
    if (sweep === null) throw new NotFound(`there is no sweep ${id}`);
    this.#rows.set(id, { sweep, readAt: this.clock.now() });
    return sweep;
  }

  /** Those that may hand out trials. */
  async open(): Promise<{ readonly ids: readonly SweepId[]; readonly isFresh: boolean }> {
    const known = this.#open;
    if (known !== null && this.#isFresh(known.readAt)) return { ids: known.ids, isFresh: false };
    const ids = await this.store.sweeps.idsIn(['pending', 'running']);
    this.#open = { ids, readAt: this.clock.now() };
    return { ids, isFresh: true };
  }

  /** A clock that was set back makes nothing young again. */
  #isFresh(readAt: number): boolean {
    return Math.abs(this.clock.now() - readAt) < ttlMs;
  }

  forget(id: SweepId): void {
    this.#rows.delete(id);
    this.forgetOpen();
  }

  forgetOpen(): void {
    this.#open = null;
  }
}
