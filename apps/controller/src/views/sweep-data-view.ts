/** What pages of a sweep draw, in columns. Pure; the rows are read by sweep-data.controller.ts. */
import type { SweepPointsView, SweepSliceView, SweepTimelineView, WaitingView } from '@sweep/api';
import { type Agent, isLive, type Sweep, type SweepSpec, type Trial, type TrialId } from '@sweep/domain';
import {
  type Domain,
  Float,
  fewestForEffects,
  keepsLimits,
  type Parameter,
  type ParamValue,
  paramAt,
  parseJson,
  stringifyJson,
} from '@sweep/optimizer';
import type { Attempt, LastValue } from '@sweep/store';
import type { Cut } from '../sampling/insight.js';
import { countedValue } from '../trials/measured.js';
import { isoTime } from './time.js';

type Cell = SweepPointsView['params'][string][number];

/** Of all curves of one answer: 24 MB packed, what a page and a controller bear without thinking. */
const mostPoints = 1_000_000;
/** Fewer do not show a curve. */
const fewestSamples = 8;

/** How many points each curve may have, so that an answer does not grow with the trials of a sweep. */
export const samplesFor = (wanted: number, curves: number): number =>
  Math.min(wanted, Math.max(fewestSamples, Math.floor(mostPoints / Math.max(1, curves))));

/** @param last of live trials */
export function sweepPointsView(
  spec: SweepSpec,
  trials: readonly Trial[],
  last: ReadonlyMap<TrialId, readonly LastValue[]>,
  now: number,
): SweepPointsView {
  const valuesOf = (trial: Trial, index: number): number | null => {
    const objective = spec.objectives[index]!;
    if (!isLive(trial.state)) return trial.values[index] ?? null;
    const found = last.get(trial.id)?.find(({ name }) => name === objective.name);
    return countedValue(found, objective);
  };
  const searched = spec.space.parameters.filter(({ domain }) => domain.kind !== 'constant');
  return {
    now: isoTime(now),
    objectives: spec.objectives.map(({ name, goal }) => ({ name, goal })),
    ids: trials.map(({ id }) => id),
    numbers: trials.map(({ number }) => number),
    states: trials.map(({ state }) => state),
    values: spec.objectives.map((_, index) => trials.map((trial) => valuesOf(trial, index))),
    kept: trials.map(({ limits }) => keepsLimits(spec.limits, limits)),
    startedAt: trials.map(({ startedAt }) => startedAt),
    endedAt: trials.map(({ endedAt }) => endedAt),
    params: Object.fromEntries(searched.map(({ path }) => [path.join('.'), trials.map(({ params }) => cellOf(paramAt(params, path)))])),
  };
}

function cellOf(value: ParamValue | undefined): Cell {
  if (value === undefined || value === null) return null;
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'object' ? stringifyJson(value, { nonFinite: 'text' }) : value;
}

/** @param agents those that the attempts name, as far as they are still known */
export function sweepTimelineView(
  trials: readonly Trial[],
  attempts: readonly Attempt[],
  agents: readonly Agent[],
  now: number,
): SweepTimelineView {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const known = attempts.filter(({ trial }) => byId.has(trial));
  const ids = [...new Set(known.map(({ agent }) => agent))];
  const places = new Map(ids.map((id, index) => [id, index]));
  const rows = new Map(agents.map((agent) => [agent.id, agent]));
  return {
    now: isoTime(now),
    agents: ids.map((id) => ({ id, name: rows.get(id)?.name ?? id, slots: rows.get(id)?.slots.length ?? 0 })),
    trials: known.map(({ trial }) => byId.get(trial)!.number),
    attempts: known.map(({ number }) => number),
    agent: known.map(({ agent }) => places.get(agent)!),
    slot: known.map(({ slot }) => slot),
    startedAt: known.map(({ startedAt }) => startedAt),
    endedAt: known.map(({ endedAt }) => endedAt),
    states: known.map((attempt) => stateOf(byId.get(attempt.trial)!, attempt)),
  };
}

function stateOf(trial: Trial, { number, counted, end, endedAt }: Attempt): SweepTimelineView['states'][number] {
  const counts = counted || (number === trial.attempt && trial.state !== 'queued');
  if (counts) return trial.state;
  return end === null || endedAt === null ? 'lost' : 'failed';
}

/** @param cut null while there is too little to tell */
export function sweepSliceView(cut: Cut | null, x: Parameter, y: Parameter | null, results: number): SweepSliceView {
  if (cut === null) {
    const more = Math.max(0, fewestForEffects - results);
    const note = more > 0 ? `${more} more finished trials are needed to tell` : 'the model cannot tell: this parameter does not vary';
    return { slice: null, note };
  }
  const finite = (values: readonly number[]): (number | null)[] => values.map((value) => (Number.isFinite(value) ? value : null));
  return {
    slice: {
      x: axisOf(x, cut.x),
      y: y === null || cut.y === null ? null : axisOf(y, cut.y),
      mean: finite(cut.mean),
      low: finite(cut.low),
      high: finite(cut.high),
      through: parseJson(cut.through) as Record<string, unknown>,
    },
    note: null,
  };
}

function axisOf({ path, domain }: Parameter, values: readonly string[]) {
  return { param: path.join('.'), scale: scaleOf(domain), values: values.map((text) => cellOf(parseJson(text) as ParamValue)) };
}

function scaleOf(domain: Domain): 'linear' | 'log' | 'category' {
  if (domain.kind === 'categorical' || domain.kind === 'constant') return 'category';
  return domain.kind.includes('log') ? 'log' : 'linear';
}

export function waitingView(trial: Trial, sweep: Sweep, waitingFor: string): WaitingView {
  return {
    id: trial.id,
    trial: trial.number,
    sweep: sweep.id,
    sweepName: sweep.name,
    priority: sweep.priority,
    attempts: trial.attempt,
    since: isoTime(trial.endedAt ?? trial.createdAt),
    waitingFor,
  };
}
