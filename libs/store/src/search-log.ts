/**
 * What the sampler of a sweep has seen, in order, and what it proposed from that.
 *
 * The log is the order in which ends of trials were first seen by the sampler; `TrialStore.propose` alone extends it. Prior results come
 * before it. Params stay text here: they are read by the thousand and mostly passed on.
 */
import { blameOf, isLive, type Measured, type SweepId, type Trial, type TrialId } from '@sweep/domain';
import type { Observation, Params, ProposalDetail } from '@sweep/optimizer';
import type { Page, PageRequest } from './page.js';

export interface LogEntry extends Omit<Observation, 'params'> {
  /** JSON text that keeps 16 and 16.0 apart. */
  readonly params: string;
}

/** Of a trial or run that is over. */
export interface EndedEntry extends LogEntry {
  readonly state: Exclude<Observation['state'], 'live'>;
}

export interface UnobservedTrial extends LogEntry {
  /** The index of its proposal if it may be made again, since the trial is queued and was never leased; else null. */
  readonly renewable: number | null;
}

/** From what a proposal can be computed again, and its why. */
export interface StoredProposal {
  /** The sampler's cursor when it was asked. Trials of one answer share it, in the order of their numbers. */
  readonly index: number;
  /** Length of the log at that time. The live trials then were those with smaller numbers that stand not in that part of it. */
  readonly asOf: number;
  /** Of the sweep's file. */
  readonly revision: number;
  readonly samplerVersion: number;
  readonly detail: ProposalDetail | null;
}

export interface LoggedTrial extends LogEntry {
  readonly origin: Trial['origin'];
  /** Place in the log, from 1; null while the sampler has not seen an end. */
  readonly observed: number | null;
  /** Null for trials that were not proposed by the sampler. */
  readonly proposal: StoredProposal | null;
}

/** What a sampler's answer changes beside the trials that it adds. */
export interface SamplerStep {
  readonly cursor: number;
  readonly exhausted: boolean;
  /** Numbers of ended trials that it saw for the first time: they enter the log in this order. */
  readonly observed: readonly number[];
  readonly renewed: readonly RenewedTrial[];
}

/** New params for a trial that waits and was never leased. */
export interface RenewedTrial {
  readonly number: number;
  readonly params: Params;
  readonly why: string;
  readonly proposal: StoredProposal;
}

export interface SearchLogStore {
  /** In the order given when the sweep was made. Their numbers are negative. */
  priors(sweep: SweepId): Promise<readonly EndedEntry[]>;
  /** In order, from the place after `after`. */
  observed(sweep: SweepId, after: number, limit: number): Promise<readonly LogEntry[]>;
  /** Ended trials that are not in the log yet, and live ones; by number, from the one after `after`. */
  unobserved(sweep: SweepId, after: number, limit: number): Promise<readonly UnobservedTrial[]>;
  /** Trials that the sampler did not propose, by number. */
  others(sweep: SweepId): Promise<readonly LogEntry[]>;
  /** Every trial with what its proposal was made from, by number. */
  trials(sweep: SweepId, page: PageRequest): Promise<Page<LoggedTrial>>;
  proposal(trial: TrialId): Promise<StoredProposal | null>;
}

/** What a sampler may learn from a trial. Pure. */
export function toLogEntry({
  number,
  params,
  state,
  cause,
  ...measured
}: Pick<Trial, 'number' | 'state' | 'cause' | keyof Measured> & { readonly params: string }): LogEntry {
  // Nothing is known of a live trial that would be known again when the proposal is computed again.
  if (isLive(state)) return { number, params, state: 'live', values: [] };
  const entry = { number, params, state, ...measuredEntry(measured) } as const;
  return state === 'failed' && cause !== null ? { ...entry, blame: blameOf(cause) } : entry;
}

/** What was measured as a log holds it: nothing that does not survive every way on which a log is read. */
export function measuredEntry({ values, limits, curve }: Measured): Pick<LogEntry, 'values' | 'limits' | 'curve'> {
  const way = curve.flatMap(([place, value]) => (Number.isFinite(value) ? [[place, value + 0] as const] : []));
  return {
    values: values.map(tidy),
    ...(limits.length === 0 ? {} : { limits: limits.map(tidy) }),
    ...(way.length === 0 ? {} : { curve: way }),
  };
}

/** + 0: no -0. */
const tidy = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value + 0 : null);
