/** What `sweep watch` draws, from what is known at one moment. Pure: text from values. */
import { type AgentView, doneOf, endedOf, type SweepView, type TrialView } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import type { Colors } from '../context.js';
import { agentName } from '../show/agent-name.js';
import { duration } from '../show/duration.js';
import { sparkline } from '../show/sparkline.js';
import { renderTable, shorten } from '../show/table.js';
import { asNumber, metric, number, paramsText } from '../show/value.js';
import { coloured, trialTime } from '../show/views.js';

export interface Moment {
  readonly sweep: SweepView;
  /** Running and stopping ones. */
  readonly running: readonly TrialView[];
  /** Values of the objective's metric, by trial id. */
  readonly curves: ReadonlyMap<string, readonly number[]>;
  readonly agents: readonly AgentView[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Screen {
  readonly width: number;
  /** Lines. */
  readonly height: number;
  readonly colors: Colors;
}

/** One line for logs and pipes. */
export function progressLine(sweep: SweepView): string {
  const { counts, best, state, reason } = sweep;
  const parts = [
    `${sweep.id} ${state}${reason === null ? '' : ` (${reason})`}`,
    `${doneOf(sweep.counts)}/${sweep.expectedTrials ?? '?'} done`,
  ];
  if (counts.running > 0) parts.push(`${counts.running} running`);
  if (counts.stopping > 0) parts.push(`${counts.stopping} stopping`);
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (counts.cancelled > 0) parts.push(`${counts.cancelled} cancelled`);
  if (best !== null) parts.push(`best ${metric(best.value)} (trial ${metric(best.trial)})`);
  return parts.join(', ');
}

export function frame(moment: Moment, screen: Screen): string {
  const { sweep, agents, running } = moment;
  const head = [titleLine(sweep, screen), progress(moment, screen), bestLine(sweep, screen)].filter((line) => line !== '');
  const foot = agentsLine(agents);
  // Header and heading of the table, and one line left for the cursor.
  const room = Math.max(1, screen.height - head.length - 5);
  const shown = running.slice(0, room);
  const hidden = running.length - shown.length;
  const table = shown.length === 0 ? [] : ['', runningTable({ ...moment, running: shown }, screen.width)];
  return [...head, ...table, ...(hidden === 0 ? [] : [`… and ${hidden} more`]), '', foot].join('\n');
}

function titleLine({ name, id, state, reason, method, objective }: SweepView, { colors, width }: Screen): string {
  const goal = objective === null ? '' : `, ${objective.goal} ${objective.name}`;
  const rest = shorten(
    `${reason === null ? '' : ` (${reason})`}, ${method}${goal}`,
    Math.max(10, width - name.length - id.length - state.length - 4),
  );
  return `${colors.bold(name)} ${id}  ${coloured(state, colors)}${rest}`;
}

function progress(moment: Moment, { width }: Screen): string {
  const { sweep } = moment;
  const done = doneOf(sweep.counts);
  const all = asNumber(sweep.expectedTrials);
  const { failed, pruned, cancelled, queued } = sweep.counts;
  const notes = Object.entries({ failed, pruned, cancelled, queued }).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  const left = timeLeft(moment);
  if (left !== null) notes.push(`about ${duration(left)} left`);
  const text = `${done}${all === null ? ' trials done' : `/${all}`}${notes.length === 0 ? '' : `  ${notes.join(', ')}`}`;
  return all === null ? text : `${bar(done / Math.max(all, 1), Math.min(30, Math.max(5, width - text.length - 2)))} ${text}`;
}

export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Seconds, at the pace so far; null while there is none to go by. */
export function timeLeft({ sweep, now }: Pick<Moment, 'sweep' | 'now'>): number | null {
  const done = endedOf(sweep.counts);
  const all = asNumber(sweep.expectedTrials);
  if (all === null || done === 0 || sweep.startedAt === null || sweep.endedAt !== null || sweep.state !== 'running') return null;
  const elapsed = (now - Date.parse(sweep.startedAt)) / 1000;
  return Math.max(0, (elapsed / done) * (all - done));
}

function bestLine({ best }: SweepView, { colors, width }: Screen): string {
  if (best === null) return '';
  const value = metric(best.value);
  return `best ${colors.green(value)} at trial ${metric(best.trial)}: ${shorten(paramsText(best.params as Params), Math.max(10, width - value.length - 22))}`;
}

function runningTable({ running, curves, agents, now }: Moment, width: number): string {
  const last = (trial: TrialView): string => {
    const value = curves.get(trial.id)?.at(-1);
    return value === undefined ? '' : number(value);
  };
  return renderTable(
    [
      { title: '#', align: 'right', text: (trial) => metric(trial.number) },
      { title: 'STATE', text: ({ state }) => state },
      { title: 'TIME', align: 'right', text: (trial) => trialTime(trial, now) },
      { title: 'LAST', align: 'right', text: last },
      { title: 'CURVE', text: ({ id }) => sparkline(curves.get(id) ?? [], 20) },
      { title: 'AGENT', text: ({ agent }) => (agent === null ? '' : agentName(agents, agent)) },
      { title: 'PARAMS', text: ({ params }) => paramsText(params as Params) },
    ],
    running,
    width,
  );
}

function agentsLine(agents: readonly AgentView[]): string {
  const online = agents.filter(({ state }) => state === 'online' || state === 'draining');
  const slots = online.flatMap((agent) => agent.slots);
  const busy = slots.filter(({ trial }) => trial !== null).length;
  if (online.length === 0) return 'no agent is online: start one with `sweep agent`';
  return `${online.length} ${online.length === 1 ? 'agent' : 'agents'}, ${busy} of ${slots.length} slots busy`;
}
