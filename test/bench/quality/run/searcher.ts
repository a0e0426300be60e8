/** What is measured: something that proposes and is told. Either a sampler in this process or a program behind the line protocol. */
import type { Params } from '@sweep/optimizer';

/** Values are in the metric's own direction. */
export interface Searcher {
  /** undefined when the space is exhausted. */
  ask(): Promise<Asked | undefined>;
  /** One value of a running trial. True if the trial should be stopped. */
  report(number: number, step: number, value: number): Promise<boolean>;
  /** @param value NaN for a training without a usable number, 'crashed' for one that did not end well */
  tell(number: number, value: number | 'crashed'): Promise<void>;
  /** The trial was stopped at this value. */
  stopped(number: number, value: number): Promise<void>;
  /** What it would use now, noise considered; undefined if it has no opinion of its own. */
  recommended(): Promise<Params | undefined>;
  close(): Promise<void>;
}

export interface Asked {
  readonly number: number;
  readonly params: Params;
}

/** The optimiser gave up or answered nonsense: the run ends, and its remaining trials score nothing. */
export class SearcherFailed extends Error {
  override readonly name = 'SearcherFailed';
}
