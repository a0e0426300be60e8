/**
 * Ticks after trials' ends and starts, a moment later and once for all within it. A slot that has just become free is given its next
 * trial at that moment, and its program starts; proposing more and counting would take the processor from it. What a crash loses here,
 * the reconciler finds; a slot that finds nothing queued ticks at once.
 */
import type { SweepId } from '@sweep/domain';

/** Short against a training, long against the moment between two trials; what waits is chosen again as often as this at most. */
const waitMs = 60;

export class Soon {
  readonly #waiting = new Map<SweepId, NodeJS.Timeout>();

  constructor(
    private readonly tick: (sweep: SweepId) => Promise<void>,
    private readonly onError: (error: unknown, sweep: SweepId) => void,
  ) {}

  want(sweep: SweepId): void {
    if (this.#waiting.has(sweep)) return;
    this.#waiting.set(
      sweep,
      setTimeout(() => void this.#run(sweep), waitMs),
    );
  }

  /** At once, for all that wait: nothing may come later than the end of the process. */
  async flush(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((sweep) => this.#run(sweep)));
  }

  async #run(sweep: SweepId): Promise<void> {
    clearTimeout(this.#waiting.get(sweep));
    this.#waiting.delete(sweep);
    try {
      await this.tick(sweep);
    } catch (error) {
      this.onError(error, sweep);
    }
  }
}
