/** One trial in full: what it is, how each attempt ended, and every recorded why. */
import type { AttemptView, DecisionView, TrialView } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import { ago } from './duration.js';
import { fields } from './fields.js';
import { metric, paramsText } from './value.js';
import { trialTime } from './views.js';

export interface TrialRecord {
  readonly trial: TrialView;
  readonly attempts: readonly AttemptView[];
  readonly decisions: readonly DecisionView[];
}

export function trialText({ trial, attempts, decisions }: TrialRecord, now: number): string {
  const gpus = trial.gpus.length === 0 ? '' : ` on ${trial.gpus.join(', ')}`;
  return fields([
    ['trial', `${trial.sweep}#${trial.number}`],
    ['run', trial.id],
    ['state', trial.reason === null ? trial.state : `${trial.state}: ${trial.reason}`],
    ['waits for', trial.waitingFor ?? ''],
    ['params', paramsText(trial.params as Params)],
    ['objective', metric(trial.objective)],
    [
      'summary',
      Object.entries(trial.summary)
        .map(([name, value]) => `${name} ${metric(value)}`)
        .join('\n'),
    ],
    ['agent', trial.agent === null ? '' : `${trial.agent}, slot ${trial.slot ?? '?'}${gpus}`],
    ['attempts', attempts.map(attemptLine).join('\n')],
    ['why', decisions.map(({ about, text }) => `${about}: ${text}`).join('\n')],
    ['time', trialTime(trial, now)],
    ['created', ago(trial.createdAt, now)],
  ]);
}

function attemptLine({ number, agent, detail, endedAt, counted }: AttemptView): string {
  const end = endedAt === null ? 'running' : (detail ?? 'its end was not seen');
  return `${number} on ${agent}: ${end}${counted ? '' : endedAt === null ? '' : ', not counted'}`;
}
