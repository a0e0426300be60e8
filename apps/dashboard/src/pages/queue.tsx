/** What waits for a slot, in the order in which it will be handed out, and why each waits. */
import type { WaitingView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queueQuery, sweepsQuery } from '../data/queries.js';
import { sweepAddress } from '../shell/addresses.js';
import { useNamedPage } from '../shell/page-name.js';
import { Empty, Loaded } from '../ui/panels.js';
import { type Column, Table } from '../ui/table.js';
import { Time } from '../ui/value.js';
import { answerOfQueue } from './agents/answer.js';

export default function Queue() {
  useNamedPage('Queue');
  const queue = useQuery(queueQuery());
  const sweeps = useQuery(sweepsQuery());
  const paths = new Map((sweeps.data?.items ?? []).map(({ id, path }) => [id, path]));
  return (
    <Loaded query={queue} what="the queue">
      {({ items }) => (
        <div className="stack">
          <header>
            <h1>Queue</h1>
            {items.length === 0 ? null : <p className="answer">{answerOfQueue(items)}</p>}
          </header>
          {items.length === 0 ? (
            <Empty title="Nothing waits">Trials come here when all slots that could run them are busy.</Empty>
          ) : (
            <Table
              label="Waiting trials"
              columns={columnsOf(paths)}
              rows={items}
              {...(items.length > 20 ? { height: 'max(320px, calc(100dvh - 220px))' } : {})}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

function columnsOf(paths: ReadonlyMap<string, string>): readonly Column<WaitingView>[] {
  return [
    {
      id: 'trial',
      title: 'Trial',
      width: 210,
      cell: ({ sweep, sweepName, trial }) => {
        const text = `${sweepName || sweep} #${trial}`;
        const path = paths.get(sweep);
        return path === undefined ? (
          text
        ) : (
          <Link to={sweepAddress(path)} search={{ trial: String(trial) } as never}>
            {text}
          </Link>
        );
      },
    },
    { id: 'why', title: 'Why it waits', width: 420, cell: ({ waitingFor }) => <span title={waitingFor}>{waitingFor}</span> },
    { id: 'priority', title: 'Priority', width: 76, numeric: true, cell: ({ priority }) => priority },
    { id: 'since', title: 'Waits since', width: 110, cell: ({ since }) => <Time at={since} /> },
    { id: 'attempts', title: 'Tries so far', width: 90, numeric: true, cell: ({ attempts }) => attempts },
  ];
}
