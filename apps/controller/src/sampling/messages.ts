/**
 * What a sampling thread is told, and what it answers.
 *
 * Params cross as JSON text: a whole float is a class, which does not survive the copy between threads.
 */
import type { ProposalDetail, SliceWish, Thoroughness } from '@sweep/optimizer';
import type { LogEntry } from '@sweep/store';
import type { Cut, Insight } from './insight.js';

/** Makes a sampler; another revision makes another one. */
export interface SampledSweep {
  readonly id: string;
  readonly revision: number;
  readonly config: string;
  /** Unsigned 64 bits, as digits. */
  readonly seed: string;
}

export type ToThread =
  /** Forget what was known of the sweep: its log follows. */
  | { readonly kind: 'open'; readonly sweep: string; readonly priors: readonly LogEntry[] }
  /** The log's entries from place `after` + 1 on. Passed over when they do not follow what is known. */
  | { readonly kind: 'learn'; readonly sweep: string; readonly after: number; readonly entries: readonly LogEntry[] }
  | ({ readonly kind: 'question'; readonly id: number } & Question);

export interface Question {
  readonly sweep: SampledSweep;
  /** Of the log: how much of it to use. */
  readonly asOf: number;
  /** Ends that are to follow the log, in order, then live trials by number. Told with each question: they are not the log's yet. */
  readonly newer: readonly LogEntry[];
  readonly task: Task;
}

export type Task =
  | ProposeTask
  | { readonly kind: 'recommend' }
  | { readonly kind: 'insight' }
  | { readonly kind: 'cut'; readonly wish: SliceWish };

export interface ProposeTask {
  readonly kind: 'propose';
  /** Live trials to choose again, by number; none of them is among `newer`. */
  readonly renew: readonly { readonly number: number; readonly params: string; readonly index: number }[];
  readonly cursor: number;
  readonly count: number;
  /** What the first new trial will be called. */
  readonly firstNumber: number;
  readonly thoroughness: Thoroughness;
}

export interface Chosen {
  readonly number: number;
  readonly index: number;
  readonly params: string;
  readonly why: string;
  readonly detail: ProposalDetail | null;
}

export type FromThread = { readonly id: number } & Reply;

export type Reply =
  | {
      readonly kind: 'proposed';
      readonly samplerVersion: number;
      readonly renewed: readonly Chosen[];
      readonly added: readonly Chosen[];
      readonly cursor: number;
      readonly exhausted: boolean;
    }
  /** A number of the log or of `newer`; null when there is nothing to recommend. */
  | { readonly kind: 'recommended'; readonly number: number | null }
  | ({ readonly kind: 'insight' } & Insight)
  /** Null while there is too little to tell. */
  | { readonly kind: 'cut'; readonly cut: Cut | null }
  /** The log is not known so far: `known` entries are, or null when it was never opened or is forgotten. */
  | { readonly kind: 'missing'; readonly known: number | null }
  | { readonly kind: 'failed'; readonly message: string };
