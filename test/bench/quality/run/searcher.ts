/** What is measured: something that proposes and is told. Either a sampler in this process or a program behind the line protocol. */
import type { Params } from '@sweep/optimizer';

export interface Searcher {
  /** undefined when the space is exhausted. */
  ask(): Promise<Asked | undefined>;
  /** @param value in the metric's own direction; NaN for a training without a usable number, 'crashed' for one that did not end well */
  tell(number: number, value: number | 'crashed'): Promise<void>;
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
