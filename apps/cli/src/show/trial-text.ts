/** One trial in full: what it is, how each attempt ended, and every recorded why. */
import type { AgentView, AttemptView, DecisionView, OneTrialView, ProposalView } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import { agentName } from './agent-name.js';
import { ago } from './duration.js';
import { fields } from './fields.js';
import { metric, paramsText } from './value.js';
import { trialTime } from './views.js';

export interface TrialRecord {
  readonly trial: OneTrialView;
  readonly attempts: readonly AttemptView[];
  readonly decisions: readonly DecisionView[];
}

/** @param agents by whose names the machines are told */
export function trialText({ trial, attempts, decisions }: TrialRecord, agents: readonly AgentView[], now: number): string {
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
    ['agent', trial.agent === null ? '' : `${agentName(agents, trial.agent)}, slot ${trial.slot ?? '?'}${gpus}`],
    ['attempts', attempts.map((attempt) => attemptLine(attempt, agents)).join('\n')],
    ['proposal', trial.proposal === null ? '' : proposalText(trial.proposal)],
    ['why', decisions.map(({ about, text }) => `${about}: ${text}`).join('\n')],
    ['time', trialTime(trial, now)],
    ['created', ago(trial.createdAt, now)],
  ]);
}

function attemptLine({ number, agent, detail, endedAt, counted }: AttemptView, agents: readonly AgentView[]): string {
  const end = endedAt === null ? 'running' : (detail ?? 'its end was not seen');
  return `${number} on ${agentName(agents, agent)}: ${end}${counted ? '' : endedAt === null ? '' : ', not counted'}`;
}

/** Empty for samplers that have no model. */
function proposalText({ arm, hypothesis, mean, deviation, intent, near, asOf, samplerVersion, thoroughness }: ProposalView): string {
  if (arm === null) return '';
  const how = [arm, ...(hypothesis === null ? [] : [`hypothesis ${hypothesis}`]), ...(intent === null ? [] : [intent])];
  return [
    `${how.join(', ')}; after ${asOf} results, by version ${samplerVersion}${thoroughness === 'full' ? '' : `, ${thoroughness} for lack of time`}`,
    ...(mean === null ? [] : [`expected ${metric(mean)}${deviation === null ? '' : ` ± ${metric(deviation)}`}`]),
    ...(near.length === 0 ? [] : [`nearest earlier trials: ${near.join(', ')}`]),
  ].join('\n');
}
