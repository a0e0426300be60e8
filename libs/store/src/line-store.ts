/** Lines as clients sent them, kept byte for byte and replaceable by (run, attempt, stream, line), with what they mean for the run. */
import type { RunId, Series } from '@sweep/domain';
import type { RunChange, RunRecord } from './run-store.js';

/** `history`: one JSON object a step; `events`: system metrics; `log`: the console. */
export type LineStream = 'history' | 'events' | 'log';

export interface LineKey {
  readonly run: RunId;
  readonly attempt: number;
  readonly stream: LineStream;
}

export interface LineBlock {
  readonly stream: LineStream;
  /** Of the first line, counted from the stream's beginning. */
  readonly offset: number;
  readonly lines: readonly string[];
}

/** What a block came to, once what was there before is taken into account. */
export interface AddedLines {
  readonly stream: LineStream;
  readonly firstLine: number;
  /** New to the stream; all of it where it restarts. */
  readonly lines: readonly string[];
  /** What was known of the stream is void: it began anew, or lines that were there have changed. */
  readonly restarted: boolean;
}

export interface LineOutcome {
  /** Ignored for an attempt that is not the run's current one. */
  readonly change: RunChange;
  /** The points in the added lines of each stream. */
  readonly series: readonly { readonly stream: 'history' | 'events'; readonly series: readonly Series[] }[];
}

export interface LineWrite {
  readonly run: RunId;
  readonly attempt: number;
  readonly blocks: readonly LineBlock[];
  /** Pure: it may be asked more than once. */
  readonly decide: (record: RunRecord, added: readonly AddedLines[]) => LineOutcome;
}

export interface LineStore {
  /**
   * Writes blocks and what they mean in one transaction, which is also a sign of life of the run. A block of `history` or `events` at
   * line 0 replaces its stream, one of `history` at the first line of a fork's own replaces that and what follows; any other writes over
   * what stands there and leaves what is beyond. Sending the same twice is sending it once. Null: there is no such run, or it is deleted.
   */
  write(write: LineWrite): Promise<RunRecord | null>;
  /** Drops the lines from `from` on, with their points, and decides anew from the rest. */
  cut(key: LineKey, from: number, decide: LineWrite['decide']): Promise<RunRecord | null>;
  read(key: LineKey, offset: number, limit: number): Promise<readonly string[]>;
  count(key: LineKey): Promise<number>;
}
