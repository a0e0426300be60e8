/**
 * One attempt's points on their way from their sources to the spool, as long as its program runs and once more after its end.
 *
 * Owns when sources are read; what they read is theirs.
 */
import { type Clock, type Loop, startLoop } from '@sweep/runtime';
import type { Point } from './points.js';
import type { Source } from './source.js';
import type { Positions, Spool } from './spool.js';

export interface CollectorOptions {
  readonly sources: readonly Source[];
  readonly spool: Spool;
  readonly clock: Clock;
  /** Measures the machine; null where the program's processes are not known. */
  readonly system: ((now: number) => readonly Point[]) | null;
  /** New points or new output may be there. */
  readonly onLook: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Short enough that a pruner acts in time and a person sees the curve grow; one `stat` a source when nothing is new. */
const lookEveryMs = 250;
const measureEveryMs = 5_000;

export class Collector {
  private readonly loop: Loop;
  private measuredAt: number;

  constructor(private readonly options: CollectorOptions) {
    const { clock, onError } = options;
    this.measuredAt = clock.now();
    this.loop = startLoop({ name: 'collect', everyMs: lookEveryMs, clock, body: () => this.look(), onError });
  }

  /** The program is over: reads everything to its end. */
  async finish(): Promise<void> {
    await this.loop.stop();
    await this.collect(true);
  }

  private async look(): Promise<void> {
    const now = this.options.clock.now();
    if (this.options.system !== null && now - this.measuredAt >= measureEveryMs) {
      this.measuredAt = now;
      this.options.spool.append(this.options.system(now), this.options.spool.positions);
    }
    await this.collect(false);
    await this.options.onLook();
  }

  /** A source that fails keeps its position and does not keep the others from being read. */
  private async collect(last: boolean): Promise<void> {
    const results = await Promise.allSettled(this.options.sources.map((source) => this.readAll(source, last)));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (failures.length > 0) this.options.onError(new AggregateError(failures, 'points could not be read'));
  }

  private async readAll(source: Source, last: boolean): Promise<void> {
    const { spool } = this.options;
    for (let more = true; more; ) {
      const read = await source.read(spool.positions[source.name], last);
      const positions: Positions = { ...spool.positions, [source.name]: read.position };
      if (read.points.length > 0) spool.append(read.points, positions);
      else spool.note(positions);
      more = read.more;
    }
  }
}
