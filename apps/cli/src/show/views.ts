/** The columns of sweeps, trials, agents, keys and users, and one of each in full: how people see what the API answers. */
import { type AgentView, doneOf, endedOf, type InsightView, type KeyView, type SweepView, type TrialView, type UserView } from '@sweep/api';
import type { Params } from '@sweep/optimizer';
import type { Colors } from '../context.js';
import { ago, duration } from './duration.js';
import { fields } from './fields.js';
import { insightRows } from './insight-text.js';
import type { Column } from './table.js';
import { asNumber, bytes, metric, paramsText } from './value.js';

export const endedSweep = (state: SweepView['state']): boolean => state === 'completed' || state === 'cancelled' || state === 'failed';

export const allTrials = (sweep: SweepView): number =>
  endedOf(sweep.counts) + sweep.counts.queued + sweep.counts.running + sweep.counts.stopping;

const stateWithReason = ({ state, reason }: SweepView): string => (reason === null || reason === state ? state : `${state} (${reason})`);

export const sweepColumns = (now: number): readonly Column<SweepView>[] => [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ path, name }) => `${path.split('/').slice(0, -1).join('/')}/${name}` },
  { title: 'STATE', text: stateWithReason },
  { title: 'METHOD', text: ({ method }) => method },
  { title: 'DONE', align: 'right', text: (sweep) => `${doneOf(sweep.counts)}/${sweep.expectedTrials ?? '∞'}` },
  { title: 'RUN', align: 'right', text: ({ counts }) => String(counts.running + counts.stopping) },
  { title: 'FAILED', align: 'right', text: ({ counts }) => String(counts.failed) },
  { title: 'BEST', align: 'right', text: ({ best }) => metric(best?.value) },
  { title: 'CREATED', text: ({ createdAt }) => ago(createdAt, now) },
];

const goalText = ({ goal, name, target }: SweepView['objectives'][number]): string =>
  `${goal} ${name}${target === null ? '' : `, target ${target}`}`;

export const limitText = ({ name, keep, bound }: SweepView['limits'][number]): string =>
  `${name} ${keep === 'below' ? '<=' : '>='} ${bound}`;

function bestText({ best, limits, objectives, counts }: SweepView): string {
  if (best === null) return limits.length > 0 && counts.completed > 0 ? 'no trial has kept all limits so far' : '';
  const alone = objectives.length > 1 ? ` by ${objectives[0]!.name} alone` : '';
  return `${metric(best.value)} at trial ${best.trial} (${best.run})${alone}\n${paramsText(best.params as Params)}`;
}

/** @param insight null where none was asked for */
export function sweepText(sweep: SweepView, now: number, insight: InsightView | null): string {
  const { counts } = sweep;
  const states = Object.entries(counts).filter(([, count]) => count > 0);
  return fields([
    ['id', sweep.id],
    ['path', sweep.path],
    ['name', sweep.name],
    ['url', sweep.url],
    ['state', stateWithReason(sweep)],
    ['method', sweep.method],
    ['objective', sweep.objectives.map(goalText).join('\n')],
    ['limits', sweep.limits.map(limitText).join('\n')],
    [
      'trials',
      `${allTrials(sweep)} of ${sweep.expectedTrials ?? 'no limit'}${states.length === 0 ? '' : `: ${states.map(([state, count]) => `${count} ${state}`).join(', ')}`}`,
    ],
    ['best', bestText(sweep)],
    ...(insight === null ? [] : insightRows(insight)),
    ['run cap', sweep.runCap === null ? '' : String(sweep.runCap)],
    ['parallel', sweep.parallel === null ? '' : String(sweep.parallel)],
    ['priority', sweep.priority === 0 ? '' : String(sweep.priority)],
    ['revision', String(sweep.revision)],
    ['created', ago(sweep.createdAt, now)],
    ['started', ago(sweep.startedAt, now)],
    ['ended', ago(sweep.endedAt, now)],
    ['findings', sweep.findings.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n')],
  ]);
}

export const trialColumns = (now: number): readonly Column<TrialView>[] => [
  { title: '#', align: 'right', text: ({ number }) => String(number) },
  { title: 'ID', text: ({ id }) => id },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'OBJECTIVE', align: 'right', text: ({ objective }) => metric(objective) },
  { title: 'PARAMS', text: ({ params }) => paramsText(params as Params) },
  { title: 'TRIES', align: 'right', text: ({ attempts }) => String(attempts) },
  { title: 'TIME', align: 'right', text: (trial) => trialTime(trial, now) },
  { title: 'NOTE', text: ({ reason, waitingFor }) => reason ?? waitingFor ?? '' },
];

/** A column for each objective, and for each limit that is none of them. */
export function bestColumns({ objectives, limits }: SweepView, now: number): readonly Column<TrialView>[] {
  if (objectives.length < 2 && limits.length === 0) return trialColumns(now);
  const measured: readonly Column<TrialView>[] = [
    ...objectives.map(({ name, goal }, index): Column<TrialView> => {
      const title = `${name} (${goal === 'minimize' ? 'min' : 'max'})`;
      return { title, align: 'right', text: ({ objective }) => metric(Array.isArray(objective) ? objective[index] : objective) };
    }),
    ...limits
      .filter(({ name }) => !objectives.some((objective) => objective.name === name))
      .map((limit): Column<TrialView> => {
        const value = (trial: TrialView) => trial.limits.find(({ name }) => name === limit.name)?.value;
        return { title: limitText(limit), align: 'right', text: (trial) => metric(value(trial)) };
      }),
  ];
  return trialColumns(now).flatMap((column) => (column.title === 'OBJECTIVE' ? measured : [column]));
}

/** How long it took, or has been going on. */
export function trialTime(trial: TrialView, now: number): string {
  const seconds = asNumber(trial.durationSeconds) ?? (trial.startedAt === null ? null : (now - Date.parse(trial.startedAt)) / 1000);
  return seconds === null ? '' : duration(seconds);
}

export const agentColumns = (now: number): readonly Column<AgentView>[] => [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name },
  { title: 'POOL', text: ({ pool }) => pool },
  { title: 'STATE', text: agentState },
  { title: 'BUSY', align: 'right', text: ({ slots }) => `${slots.filter(({ trial }) => trial !== null).length}/${slots.length}` },
  { title: 'GPUS', align: 'right', text: ({ gpus }) => String(gpus.length) },
  { title: 'RUNS', text: ({ slots }) => slots.flatMap(({ trial }) => trial ?? []).join(' ') },
  { title: 'SEEN', text: ({ lastSeenAt }) => ago(lastSeenAt, now) },
];

/** Quarantine says more than being online: nothing runs there. */
export const agentState = ({ state, quarantine }: AgentView): string => (quarantine === null ? state : `quarantined, ${state}`);

/** What it uses now: the machine first, then its GPUs. */
function usageRows({ usage, gpus }: AgentView): [string, string][] {
  if (usage === null) return [];
  const told = (value: number | null, unit: string): string[] => (value === null ? [] : [`${Math.round(value)} ${unit}`]);
  const rows = gpus.map(({ uuid }, index) => {
    const own = usage.gpus.find((gpu) => gpu.uuid === uuid);
    if (own === undefined) return `GPU ${index}: not known`;
    const memory = own.memoryUsedBytes === null ? [] : [bytes(own.memoryUsedBytes)];
    const figures = [...told(own.utilizationPercent, '%'), ...memory, ...told(own.temperatureCelsius, '°C'), ...told(own.powerWatts, 'W')];
    return `GPU ${index}: ${figures.join(', ')}`;
  });
  const disk = `disk ${bytes(usage.diskUsedBytes)} of ${bytes(usage.diskTotalBytes)}`;
  const machine = [...told(usage.cpuPercent, '% CPU'), `memory ${bytes(usage.memoryUsedBytes)}`, disk];
  const old = usage.ageSeconds > 20 ? ` (${Math.round(usage.ageSeconds)} s ago)` : '';
  return [['uses', [`${machine.join(', ')}${old}`, ...rows].join('\n')]];
}

export function agentText(agent: AgentView, now: number): string {
  return fields([
    ['id', agent.id],
    ['name', agent.name],
    ['state', agent.reason === null ? agentState(agent) : `${agentState(agent)}: ${agent.reason}`],
    ...quarantineRows(agent),
    ['pool', agent.pool],
    ['sweep', agent.sweep ?? ''],
    ['machine', `${agent.hostname}, ${agent.platform}, ${agent.cpus} CPUs, ${bytes(asNumber(agent.memoryBytes) ?? 0)}`],
    ['gpus', agent.gpus.map(({ name, uuid, memoryBytes }) => `${name}, ${bytes(asNumber(memoryBytes) ?? 0)} (${uuid})`).join('\n')],
    ...usageRows(agent),
    [
      'slots',
      agent.slots
        .map(({ index, gpus, trial }) => `${index}: ${trial ?? 'free'}${gpus.length === 0 ? '' : ` on ${gpus.join(', ')}`}`)
        .join('\n'),
    ],
    [
      'labels',
      Object.entries(agent.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ],
    ['version', agent.version],
    ['connected', ago(agent.connectedAt, now)],
    ['last seen', ago(agent.lastSeenAt, now)],
  ]);
}

function quarantineRows({ id, quarantine }: AgentView): [string, string][] {
  if (quarantine === null) return [];
  const lines = quarantine.evidence.map(({ trial, failed, ranOn }) => `${trial} failed here (${failed}) and ran on ${ranOn}`);
  return [
    ['quarantined', `since ${quarantine.since}: it fails what others run`],
    ['evidence', lines.join('\n')],
    ['to end it', `mend the machine, then: sweep agents resume ${id}`],
  ];
}

export const keyColumns = (now: number): readonly Column<KeyView>[] => [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name },
  { title: 'SCOPE', text: ({ scope }) => scope },
  { title: 'USER', text: ({ user }) => user },
  { title: 'CREATED', text: ({ createdAt }) => ago(createdAt, now) },
  { title: 'EXPIRES', text: ({ expiresAt }) => ago(expiresAt, now) },
  { title: 'REVOKED', text: ({ revokedAt }) => ago(revokedAt, now) },
];

export const userColumns = (now: number): readonly Column<UserView>[] => [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name },
  { title: 'ADMIN', text: ({ admin }) => (admin ? 'yes' : '') },
  { title: 'CREATED', text: ({ createdAt }) => ago(createdAt, now) },
];

export function coloured(state: string, colors: Colors): string {
  switch (state) {
    case 'running':
    case 'online':
      return colors.cyan(state);
    case 'completed':
      return colors.green(state);
    case 'failed':
    case 'lost':
      return colors.red(state);
    case 'paused':
    case 'stopping':
    case 'draining':
      return colors.yellow(state);
    default:
      return state;
  }
}
