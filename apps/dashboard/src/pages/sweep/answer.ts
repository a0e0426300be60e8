/** The first line of a sweep's page: is it going well, what is best, when is it done, why is something idle? Pure. */
import { type AgentView, doneOf, endedOf, type SweepView } from '@sweep/api';
import { coarse, formatDuration, formatNumber, formatValue } from '../../ui/format.js';
import { type Times, timeLeft } from './time-left.js';

const mostParams = 4;
const goesOn = new Set(['pending', 'running', 'stopping', 'paused']);

export interface Situation {
  readonly sweep: SweepView;
  readonly trials: readonly Times[];
  /** What the next trial waits for. */
  readonly waitingFor: string | null;
  /** Null until they are known. */
  readonly agents: readonly AgentView[] | null;
  readonly now: number;
}

export function answerOf(situation: Situation): string {
  return [bestOf(situation), progressOf(situation), failuresOf(situation), idlenessOf(situation)].filter((text) => text !== '').join(' ');
}

function bestOf({ sweep }: Situation): string {
  const { best, objective } = sweep;
  if (objective === null && sweep.counts.completed > 0) return 'The sweep names no metric, so no trial is the best.';
  if (best === null || objective === null) return sweep.counts.completed === 0 ? 'No result yet.' : 'No trial keeps every limit yet.';
  const params = Object.entries(best.params).slice(0, mostParams);
  const list = params.map(([name, value]) => `${name} ${formatValue(value)}`).join(', ');
  return `Trial ${best.trial} is best: ${objective.name} ${formatNumber(best.value)}${list === '' ? '' : ` (${list})`}.`;
}

function progressOf({ sweep, trials, now }: Situation): string {
  const done = doneOf(sweep.counts);
  // Failed trials may not count against the budget: then more end than were expected.
  const of = sweep.expectedTrials === null || done > sweep.expectedTrials ? '' : ` of ${formatNumber(sweep.expectedTrials)}`;
  const { cancelled } = sweep.counts;
  const amount = `${formatNumber(done)}${of} done${cancelled === 0 ? '' : `, ${formatNumber(cancelled)} cancelled`}`;
  if (!goesOn.has(sweep.state)) return `${amount}${tookOf(sweep)}.`;
  if (sweep.state === 'paused') return `${amount}, paused.`;
  const left = timeLeft(
    trials,
    sweep.counts,
    sweep.state === 'stopping' ? endedOf(sweep.counts) + sweep.counts.running + sweep.counts.stopping : sweep.expectedTrials,
    now,
  );
  return left === null ? `${amount}.` : `${amount}, about ${coarse(left)} left.`;
}

function tookOf({ startedAt, endedAt, state, reason }: SweepView): string {
  const took = startedAt === null || endedAt === null ? '' : ` in ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return state === 'failed' ? `${took}; the sweep failed${reason === null ? '' : `: ${reason}`}` : took;
}

function failuresOf({ sweep: { counts } }: Situation): string {
  if (counts.failed === 0) return '';
  return `${formatNumber(counts.failed)} failed.`;
}

function idlenessOf({ sweep, waitingFor, agents }: Situation): string {
  if (!goesOn.has(sweep.state) || sweep.state === 'paused' || agents === null) return '';
  const able = agents.filter(({ state, sweep: only }) => state === 'online' && (only === null || only === sweep.id));
  const slots = able.flatMap((agent) => agent.slots);
  if (slots.length === 0) return 'No agent is connected: start one with `sweep agent`.';
  const idle = slots.filter(({ trial }) => trial === null).length;
  if (idle === 0) return '';
  return `${idle} of ${slots.length} ${slots.length === 1 ? 'slot' : 'slots'} idle: ${waitingFor ?? 'nothing queued'}.`;
}
