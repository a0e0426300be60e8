/**
 * How thorough the proposals of each sweep are under the load of its thread. Each proposal records it; here each change gets a line in
 * the controller's log, once and not with every proposal.
 */
import type { SweepId } from '@sweep/domain';
import type { Thoroughness } from '@sweep/optimizer';
import type { Logger } from '@sweep/runtime';
import { thoroughnessAt } from './load.js';

export class Pace {
  /** Sweeps without an entry get all there is. */
  readonly #reduced = new Map<SweepId, Thoroughness>();

  constructor(private readonly log: Logger) {}

  /** @param busy share of the last time in which the sweep's thread had something to do, 0 … 1 */
  thoroughnessFor(sweep: SweepId, busy: number): Thoroughness {
    const thoroughness = thoroughnessAt(busy);
    const before = this.#reduced.get(sweep) ?? 'full';
    if (thoroughness === before) return thoroughness;
    if (thoroughness === 'full') this.#reduced.delete(sweep);
    else this.#reduced.set(sweep, thoroughness);
    this.log.info({ sweep, thoroughness, before, busy: Number(busy.toFixed(2)) }, 'the load changes how thorough proposals are');
    return thoroughness;
  }
}
