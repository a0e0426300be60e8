/** What was decided in this sweep, and why: proposals, stops, retries, waiting. */
import type { DecisionView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { decisionsQuery } from '../../data/sweep-queries.js';
import { Picker } from '../../ui/choice.js';
import { Field } from '../../ui/field.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { type Column, Table } from '../../ui/table.js';
import { Missing, Time } from '../../ui/value.js';
import type { SweepParts } from './parts.js';

type Row = DecisionView & { readonly id: string };

const kinds: Readonly<Record<string, string>> = {
  proposed: 'why these params',
  stopped: 'why stopped',
  continued: 'why it went on',
  retried: 'why again',
  waiting: 'why it waits',
  sampler: 'the search',
  returned: 'an agent came back',
};

const columns: readonly Column<Row>[] = [
  { id: 'trial', title: 'Trial', width: 64, numeric: true, cell: ({ trial }) => trial ?? <Missing /> },
  { id: 'about', title: 'About', width: 156, cell: ({ about }) => <span className="muted">{kinds[about] ?? about}</span> },
  { id: 'text', title: 'Decision', width: 640, cell: ({ text }) => <span title={text}>{text}</span> },
  { id: 'at', title: 'When', width: 96, cell: ({ at }) => <Time at={at} /> },
];

export default function DecisionsTab({ sweep, trials, selection }: SweepParts) {
  const decisions = useQuery(decisionsQuery(sweep.id));
  const byNumber = useMemo(() => new Map(trials.map((trial) => [trial.number, trial.id])), [trials]);
  return (
    <Loaded query={decisions} what="decisions">
      {(items) => <List decisions={items} pick={(number) => selection.pick(byNumber.get(number) ?? null, false)} />}
    </Loaded>
  );
}

interface ListProps {
  readonly decisions: readonly DecisionView[];
  readonly pick: (trial: number) => void;
}

function List({ decisions, pick }: ListProps) {
  const [{ about = '', find = '' }, setParams] = useParamsInAddress();
  const rows = useMemo(() => decisions.map((decision, index): Row => ({ ...decision, id: String(index) })).reverse(), [decisions]);
  const shown = rows.filter(
    (row) => (about === '' || row.about === about) && `${row.trial} ${row.text}`.toLowerCase().includes(find.toLowerCase()),
  );
  if (rows.length === 0) return <Empty title="No decision yet">The first is why the first trial has the params that it has.</Empty>;
  return (
    <section className="stack-small">
      <div className="table-tools">
        <Picker
          label="About"
          choices={[{ id: '', label: 'everything' }, ...Object.entries(kinds).map(([id, label]) => ({ id, label }))]}
          value={about}
          onChange={(id) => setParams({ about: id })}
        />
        <div className="table-filter">
          <Field
            label="Find"
            hideLabel
            type="search"
            placeholder="Find in decisions"
            value={find}
            onChange={(text) => setParams({ find: text })}
          />
        </div>
        <span className="muted">
          {shown.length} of {rows.length}
        </span>
      </div>
      <Table
        label="Decisions"
        columns={columns}
        rows={shown}
        onPick={(id) => {
          const trial = id === null ? null : (decisions[Number(id)]?.trial ?? null);
          if (trial !== null) pick(trial);
        }}
        height="max(320px, calc(100dvh - 330px))"
      />
    </section>
  );
}
