/** All sweeps: what runs, how far each is, what each has found. The start page for a person who has none yet. */

import type { SweepView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sweepsQuery } from '../data/queries.js';
import { sweepAddress } from '../shell/addresses.js';
import { useNamedPage } from '../shell/page-name.js';
import { Loaded } from '../ui/panels.js';
import { Progress } from '../ui/progress.js';
import { State } from '../ui/state.js';
import { type Column, Table } from '../ui/table.js';
import { Num, Time } from '../ui/value.js';
import { Start } from './start.js';
import { answerOfSweeps } from './sweeps-answer.js';

export default function Sweeps() {
  useNamedPage('Sweeps');
  const sweeps = useQuery(sweepsQuery());
  return (
    <Loaded query={sweeps} what="sweeps">
      {({ items }) => (items.length === 0 ? <Start /> : <SweepList sweeps={items} />)}
    </Loaded>
  );
}

/** @param heading null on a page that has one of its own */
export function SweepList({ sweeps, heading = 'Sweeps' }: { readonly sweeps: readonly SweepView[]; readonly heading?: string | null }) {
  return (
    <div className="stack">
      <header>
        {heading === null ? null : <h1>{heading}</h1>}
        <p className="answer">{answerOfSweeps(sweeps)}</p>
      </header>
      <Table
        label={heading ?? 'Sweeps'}
        columns={columns}
        rows={sweeps}
        {...(sweeps.length > 20 ? { height: 'max(320px, calc(100dvh - 220px))' } : {})}
      />
    </div>
  );
}

const columns: readonly Column<SweepView>[] = [
  { id: 'name', title: 'Sweep', width: 190, cell: ({ path, name, id }) => <Link to={sweepAddress(path)}>{name || id}</Link> },
  { id: 'state', title: 'State', width: 110, cell: ({ state, reason }) => <State state={state} title={reason} /> },
  {
    id: 'progress',
    title: 'Trials',
    width: 170,
    cell: ({ counts, expectedTrials }) => <Progress counts={counts} expected={expectedTrials} />,
  },
  { id: 'best', title: 'Best', width: 110, numeric: true, cell: ({ best }) => <Num value={best?.value} /> },
  {
    id: 'objective',
    title: 'Objective',
    width: 150,
    cell: ({ objective }) => (objective === null ? '–' : `${objective.name} ${objective.goal === 'minimize' ? '↓' : '↑'}`),
  },
  { id: 'method', title: 'Method', width: 80, cell: ({ method }) => method },
  {
    id: 'failed',
    title: 'Failed',
    width: 70,
    numeric: true,
    cell: ({ counts }) => <span className={counts.failed > 0 ? 'strange' : 'muted'}>{counts.failed}</span>,
  },
  {
    id: 'project',
    title: 'Project',
    width: 160,
    cell: ({ path }) => <span className="muted">{path.split('/').slice(0, 2).join('/')}</span>,
  },
  { id: 'created', title: 'Created', width: 100, cell: ({ createdAt }) => <Time at={createdAt} /> },
];
