/** Machines: what each has, what runs where, and what keeps a slot idle. */
import type { AgentView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { agentsQuery, queueQuery, sweepsQuery } from '../../data/queries.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Copyable } from '../../ui/copy.js';
import { Empty, Loaded } from '../../ui/panels.js';
import './agents.css';
import { answerOfAgents } from './answer.js';
import { Machine } from './machine.js';

/** Those at work first, those that are gone last. */
const order: readonly AgentView['state'][] = ['online', 'draining', 'lost', 'offline'];

/** As often as machines tell what they use: too often for an event each. */
const figuresMs = 5_000;

export default function Agents() {
  useNamedPage('Agents');
  const agents = useQuery({ ...agentsQuery(), refetchInterval: figuresMs });
  const queue = useQuery(queueQuery());
  const sweeps = useQuery(sweepsQuery());
  const paths = new Map((sweeps.data?.items ?? []).map(({ id, path }) => [id, path]));
  return (
    <Loaded query={agents} what="machines">
      {({ items, recent }) => (
        <div className="stack">
          <header>
            <h1>Agents</h1>
            <p className="answer">{answerOfAgents(items, queue.data?.items ?? null)}</p>
          </header>
          {items.length === 0 ? (
            <Empty title="Connect a machine">
              <p>On the machine, with a key of its own or a join token (Settings):</p>
              <Copyable label="the command" text={`sweep agent --url ${location.origin}`} />
            </Empty>
          ) : (
            items
              .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.name < b.name ? -1 : 1))
              .map((agent) => (
                <Machine key={agent.id} agent={agent} samples={recent[agent.id] ?? []} readAt={agents.dataUpdatedAt} paths={paths} />
              ))
          )}
        </div>
      )}
    </Loaded>
  );
}
