/** One machine: its facts, its slots with what runs in each, and what may be done with it. */
import type { AgentView } from '@sweep/api';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '../../data/client.js';
import { sweepAddress } from '../../shell/addresses.js';
import { formatBytes } from '../../ui/format.js';
import { type Action, ActionMenu } from '../../ui/menu.js';
import { State } from '../../ui/state.js';
import { attempt, say } from '../../ui/toast.js';
import { Time } from '../../ui/value.js';
import { MachineUsage, type MachineUsageProps } from './machine-usage.js';

/** Of sweeps, by their ids. */
type Paths = ReadonlyMap<string, string>;

export function Machine({ agent, paths, ...figures }: MachineUsageProps & { readonly paths: Paths }) {
  const { id, name, state, reason, pool, hostname, platform, cpus, memoryBytes, labels, version, lastSeenAt, slots } = agent;
  const title = `machine-${id}`;
  const told = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return (
    <section className="machine" aria-labelledby={title}>
      <header className="row">
        <h2 id={title}>{name}</h2>
        <State state={state} title={reason} />
        {reason === null || state === 'online' ? null : <span className="muted">{reason}</span>}
        <span className="push" />
        <MachineMenu agent={agent} />
      </header>
      {agent.quarantine === null ? null : <Quarantine quarantine={agent.quarantine} paths={paths} />}
      <p className="muted">
        {[
          hostname,
          platform,
          `${cpus} CPUs`,
          formatBytes(memoryBytes),
          `pool ${pool}`,
          ...(agent.sweep === null ? [] : [`only sweep ${agent.sweep}`]),
          ...told,
          `version ${version}`,
        ].join(' · ')}{' '}
        · seen <Time at={lastSeenAt} />
      </p>
      {isGone(state) ? null : <MachineUsage agent={agent} {...figures} />}
      <ul className="slots" aria-label={`Slots of ${name}`} hidden={isGone(state)}>
        {slots.map((slot) => (
          <li key={slot.index} className={slot.trial === null ? 'slot slot-idle' : 'slot'}>
            <span className="muted">slot {slot.index}</span>
            <span>{slot.trial === null ? 'idle' : <TrialLink trial={slot.trial} paths={paths} />}</span>
            <span className="muted">{gpusOf(agent, slot.gpus)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Its slots are nobody's to use. */
const isGone = (state: AgentView['state']): boolean => state === 'lost' || state === 'offline';

function gpusOf({ gpus }: AgentView, uuids: readonly string[]): string {
  const own = gpus.flatMap((gpu, index) => (uuids.includes(gpu.uuid) ? [{ ...gpu, index }] : []));
  return own.map(({ index, name, memoryBytes }) => `GPU ${index} (${name}, ${formatBytes(memoryBytes)})`).join('; ');
}

/** @param trial `SWEEP#NUMBER` */
function TrialLink({ trial, paths }: { readonly trial: string; readonly paths: Paths }) {
  const [sweep = '', number = ''] = trial.split('#');
  const path = paths.get(sweep);
  if (path === undefined) return <>{trial}</>;
  return (
    <Link to={sweepAddress(path)} search={{ trial: number } as never}>
      {trial}
    </Link>
  );
}

function Quarantine({ quarantine, paths }: { readonly quarantine: NonNullable<AgentView['quarantine']>; readonly paths: Paths }) {
  return (
    <div className="problem" role="note">
      In quarantine since <Time at={quarantine.since} />: {quarantine.reason}. It gets no trials until it is resumed.
      <ul>
        {quarantine.evidence.map(({ trial, failed, ranOn }) => (
          <li key={trial}>
            <TrialLink trial={trial} paths={paths} /> failed here ({failed}) and ran on {ranOn}.
          </li>
        ))}
      </ul>
    </div>
  );
}

function MachineMenu({ agent: { id, name, state, quarantine } }: { readonly agent: AgentView }) {
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['agents'] });
  const then = (work: () => Promise<unknown>) => (): void =>
    void attempt(async () => {
      await work();
      await again();
    });
  const drain = async (): Promise<void> => {
    await client.drainAgent(id);
    say(`${name} takes no new trials; what runs goes on.`, async () => {
      await client.resumeAgent(id);
      await again();
    });
  };
  const gone = isGone(state);
  const actions: readonly Action[] = [
    { id: 'drain', label: 'Drain', hint: 'No new trials; what runs goes on', disabled: state !== 'online', run: then(drain) },
    {
      id: 'resume',
      label: 'Resume',
      hint: 'Takes trials again',
      disabled: state !== 'draining' && quarantine === null,
      run: then(() => client.resumeAgent(id)),
    },
    {
      id: 'remove',
      label: 'Forget',
      hint: 'Only what is gone can be forgotten',
      danger: true,
      disabled: !gone,
      run: then(async () => {
        await client.removeAgent(id);
        say(`${name} is forgotten. It is back as soon as it connects again.`);
      }),
    },
  ];
  return <ActionMenu label="Actions" actions={actions} />;
}
