/** The log of a sweep's search in the twin: extending it, and reading it. */
import { Bug, type Sweep, type SweepEventRecord, type SweepId, type TrialId } from '@sweep/domain';
import { pageOf, readCursor } from '../paging.js';
import { paramsToText } from '../params-text.js';
import {
  type EndedEntry,
  type LogEntry,
  type LoggedTrial,
  type SearchLogStore,
  type StoredProposal,
  toLogEntry,
  type UnobservedTrial,
} from '../search-log.js';
import type { Page, PageRequest, RenewedTrial, SamplerStep } from '../store.js';
import type { MemoryState, Searched, TrialRecord } from './state.js';

/** The caller has claimed the sweep. */
export function takeStep(state: MemoryState, sweep: Sweep, { cursor, exhausted, observed, renewed }: SamplerStep): void {
  const trials = new Map(state.trialsOf(sweep.id).map((trial) => [trial.number, trial]));
  const entering = observed.map((number) => {
    const trial = trials.get(number);
    if (trial === undefined || trial.endedAt === null || searchedOf(state, trial.id).observed !== null)
      throw new Bug(`trial ${number} of sweep ${sweep.id} cannot enter the log`);
    return trial.id;
  });
  state.changeSweep(sweep.id, { cursor, exhausted, logLength: sweep.logLength + observed.length });
  for (const [index, id] of entering.entries()) state.searched.set(id, { ...searchedOf(state, id), observed: sweep.logLength + index + 1 });
  for (const one of renewed) renew(state, trials.get(one.number)!, one);
}

function renew(state: MemoryState, trial: TrialRecord, { params, why, proposal }: RenewedTrial): void {
  const text = paramsToText(params);
  const changed = { ...trial, params: text };
  state.trials.set(trial.id, changed);
  state.runs.set(trial.id, { ...state.runs.get(trial.id)!, config: text });
  state.searched.set(trial.id, { ...searchedOf(state, trial.id), proposal: structuredClone(proposal) });
  state.decisions.push({ sweep: trial.sweep, trial: trial.id, about: 'proposed', text: why, at: state.now() });
  state.emit(stateEvent(changed));
}

const searchedOf = (state: MemoryState, trial: TrialId): Searched => state.searched.get(trial) ?? { observed: null, proposal: null };

export class MemorySearchLog implements SearchLogStore {
  constructor(private readonly state: MemoryState) {}

  async priors(sweep: SweepId): Promise<readonly EndedEntry[]> {
    return structuredClone(this.state.priors.get(sweep) ?? []);
  }

  async observed(sweep: SweepId, after: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#trials(sweep)
      .flatMap(({ trial, observed }) => (observed === null || observed <= after ? [] : [{ trial, observed }]))
      .sort((a, b) => a.observed - b.observed)
      .slice(0, limit)
      .map(({ trial }) => toLogEntry(trial));
  }

  async unobserved(sweep: SweepId, after: number, limit: number): Promise<readonly UnobservedTrial[]> {
    return this.#trials(sweep)
      .filter(({ trial, observed }) => observed === null && trial.number > after)
      .slice(0, limit)
      .map(({ trial, proposal }) => ({
        ...toLogEntry(trial),
        renewable: trial.state === 'queued' && trial.attempt === 0 ? (proposal?.index ?? null) : null,
      }));
  }

  async others(sweep: SweepId): Promise<readonly LogEntry[]> {
    return this.#trials(sweep).flatMap(({ trial }) => (trial.origin === 'sampler' ? [] : [toLogEntry(trial)]));
  }

  async trials(sweep: SweepId, { limit, cursor }: PageRequest): Promise<Page<LoggedTrial>> {
    const after = readCursor(cursor, [0])?.[0] ?? 0;
    const all = this.#trials(sweep);
    const rest = all.filter(({ trial }) => trial.number > after).slice(0, limit + 1);
    const logged = rest.map(({ trial, observed, proposal }) => ({
      ...toLogEntry(trial),
      origin: trial.origin,
      observed,
      proposal: structuredClone(proposal),
    }));
    return pageOf(logged, limit, all.length, ({ number }) => [number]);
  }

  async proposal(trial: TrialId): Promise<StoredProposal | null> {
    return structuredClone(searchedOf(this.state, trial).proposal);
  }

  #trials(sweep: SweepId): readonly (Searched & { readonly trial: TrialRecord })[] {
    return this.state.trialsOf(sweep).map((trial) => ({ trial, ...searchedOf(this.state, trial.id) }));
  }
}

export const stateEvent = ({ id, sweep, number, state, attempt }: TrialRecord): SweepEventRecord => ({
  kind: 'trial.state',
  sweep,
  trial: id,
  number,
  state,
  attempt,
});
