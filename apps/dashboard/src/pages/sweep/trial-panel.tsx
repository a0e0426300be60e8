/** One trial beside whatever is shown: what it is, why these params, why it was stopped, why it waits. */

import type { OneTrialView, SweepView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { client } from '../../data/client.js';
import { agentsQuery } from '../../data/queries.js';
import { attemptsQuery, trialQuery } from '../../data/sweep-queries.js';
import type { TrialPoint } from '../../data/trial-points.js';
import { runAddress } from '../../shell/addresses.js';
import { Button } from '../../ui/button.js';
import { Loaded } from '../../ui/panels.js';
import { State } from '../../ui/state.js';
import { attempt, say } from '../../ui/toast.js';
import { Duration, Num, Time, Value } from '../../ui/value.js';
import type { Selection } from './selection.js';
import { metricNames } from './values.js';

interface ShownProps {
  readonly sweep: SweepView;
  readonly trial: TrialPoint;
  readonly selection: Selection;
}

interface PartProps {
  readonly sweep: SweepView;
  readonly trial: OneTrialView;
}

export function TrialPanel({ sweep, trial: { id, number, state }, selection }: ShownProps) {
  const read = useQuery(trialQuery(sweep.id, id));
  const project = sweep.path.split('/').slice(0, 2).join('/');
  const others = selection.trials.length - 1;
  return (
    <aside className="trial-panel" aria-label={`Trial ${number}`}>
      <div className="row">
        <h2>Trial {number}</h2>
        <State state={state} />
        <Button look="quiet" aria-label="Close" onPress={() => selection.pick(null, false)}>
          ×
        </Button>
      </div>
      <div className="row">
        <Link to={runAddress(project, id)}>Open its run</Link>
        {others > 0 ? <Link to={`/compare?runs=${selection.selected.join(',')}`}>Compare {others + 1}</Link> : null}
        {read.data === undefined ? null : <Actions sweep={sweep} trial={read.data} />}
      </div>
      <Loaded query={read} what={`trial ${number}`}>
        {(trial) => (
          <>
            <Reasons trial={trial} />
            <Part title="Params">
              <Facts entries={[...flattened(trial.params)].map(([name, value]) => [name, <Value key={name} value={value} />])} />
            </Part>
            <Metrics sweep={sweep} trial={trial} />
            <Attempts sweep={sweep} trial={trial} />
          </>
        )}
      </Loaded>
    </aside>
  );
}

function Actions({ sweep, trial }: PartProps) {
  const stop = async (): Promise<void> => {
    await client.cancelTrial(trial.id);
    say(`Trial ${trial.number} is stopped.`);
  };
  const retry = async (): Promise<void> => {
    await client.retrySweep(sweep.id, { trials: [trial.number] });
    say(`Trial ${trial.number} is queued again.`);
  };
  if (['queued', 'running'].includes(trial.state)) {
    return (
      <Button look="danger" onPress={() => void attempt(stop)}>
        Stop trial
      </Button>
    );
  }
  return ['failed', 'cancelled'].includes(trial.state) ? <Button onPress={() => void attempt(retry)}>Retry</Button> : null;
}

/** Words for the ways in which a point is chosen. */
const arms = {
  design: 'to spread out',
  improve: 'to improve on the best',
  bound: 'for what it could be at best',
  explore: 'where little is known',
};

function Reasons({ trial }: Pick<PartProps, 'trial'>) {
  const { proposal } = trial;
  const ended = ['pruned', 'failed', 'cancelled'].includes(trial.state);
  return (
    <>
      {trial.waitingFor === null ? null : <Part title="Why it waits">{trial.waitingFor}</Part>}
      {trial.reason === null || !ended ? null : (
        <Part title={trial.state === 'failed' ? 'Why it failed' : 'Why it was stopped'}>{trial.reason}</Part>
      )}
      <Part title="Why these params">
        <p>{trial.why ?? 'Nobody recorded why.'}</p>
        {proposal?.arm == null ? null : (
          <p className="muted">
            Chosen {arms[proposal.arm]}, after {proposal.asOf} results.
          </p>
        )}
        {proposal === null || proposal.near.length === 0 ? null : (
          <p className="muted">
            Nearest before it:{' '}
            {proposal.near.map((number) => (
              <Near key={number} number={number} />
            ))}
          </p>
        )}
      </Part>
    </>
  );
}

function Near({ number }: { readonly number: number }) {
  return (
    <Link to="." search={((before: object) => ({ ...before, trial: String(number) })) as never} className="near">
      {number}
    </Link>
  );
}

function Metrics({ sweep, trial }: PartProps) {
  const names = metricNames(
    [trial],
    sweep.objectives.map(({ name }) => name),
  );
  return (
    <Part title="Metrics, last values">
      {names.length === 0 ? (
        <p className="muted">Nothing logged yet.</p>
      ) : (
        <Facts entries={names.map((name) => [name, <Num key={name} value={trial.summary[name]} />])} />
      )}
    </Part>
  );
}

function Attempts({ sweep, trial }: PartProps) {
  const attempts = useQuery(attemptsQuery(sweep.id, trial.id));
  const agents = useQuery(agentsQuery());
  const names = new Map((agents.data?.items ?? []).map(({ id, name }) => [id, name]));
  return (
    <Part title="Attempts">
      <Facts
        entries={[
          ['proposed', <Time key="p" at={trial.createdAt} />],
          ['started', <Time key="s" at={trial.startedAt} />],
          ['took', <Duration key="d" ms={trial.durationSeconds === null ? null : trial.durationSeconds * 1000} />],
          ...(trial.retryOf === null ? [] : [['retry of', trial.retryOf] as const]),
        ]}
      />
      <Loaded query={attempts} what="attempts">
        {({ items }) => (
          <ul>
            {items.map(({ number, agent, slot, detail, endedAt }) => (
              <li key={number} className="attempt">
                <span className="muted">
                  {number}. {names.get(agent) ?? agent}, slot {slot}:
                </span>{' '}
                {detail ?? (endedAt === null ? 'runs' : 'ended')}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </section>
  );
}

function Facts({ entries }: { readonly entries: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <div key={name} className="fact">
          <dt title={name}>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
