/** Runs grouped by one value: how many, in which states, and what their numbers come to. A group opens as a filter. */
import type { RunGroupView, RunSelection } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { runGroupsQuery } from '../../data/run-table-queries.js';
import { formatValue } from '../../ui/format.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Missing, Num } from '../../ui/value.js';
import { equality } from './conditions.js';

interface GroupRow extends RunGroupView {
  readonly id: string;
}

export interface GroupsProps {
  readonly selection: RunSelection;
  readonly by: string;
  /** Columns of numbers, which are summed up. */
  readonly columns: readonly string[];
  readonly onOpen: (condition: string) => void;
}

export function Groups({ selection, by, columns, onOpen }: GroupsProps) {
  const numeric = useMemo(() => columns.filter((name) => name !== by), [columns.join('\n'), by]);
  const groups = useQuery(runGroupsQuery(selection, by, numeric));
  const shown = useMemo(() => groupColumns(by, numeric), [by, numeric]);
  return (
    <Loaded query={groups} what="groups">
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No runs match">Change the filter above.</Empty>
        ) : (
          <Table
            label={`Runs grouped by ${by}`}
            columns={shown}
            rows={items.map((group, index) => ({ ...group, id: String(index) }))}
            picked={[]}
            onPick={(id) => id !== null && onOpen(equality(by, items[Number(id)]?.values[by]))}
            {...(items.length > 20 ? { height: 'max(320px, calc(100dvh - 300px))' } : {})}
          />
        )
      }
    </Loaded>
  );
}

function groupColumns(by: string, numeric: readonly string[]): readonly Column<GroupRow>[] {
  return [
    { id: 'value', title: by, width: 200, cell: ({ values }) => formatValue(values[by]) },
    { id: 'runs', title: 'Runs', width: 76, numeric: true, cell: ({ runs }) => runs },
    {
      id: 'states',
      title: 'States',
      width: 260,
      cell: ({ states }) => {
        const text = Object.entries(states)
          .map(([state, n]) => `${n} ${state}`)
          .join(', ');
        return <span title={text}>{text}</span>;
      },
    },
    ...numeric.map(
      (name): Column<GroupRow> => ({
        id: name,
        title: `mean ${name.replace(/^(config|summary)\./, '')}`,
        width: 172,
        numeric: true,
        cell: ({ columns }) => <Mean sums={columns[name]} />,
      }),
    ),
  ];
}

function Mean({ sums }: { readonly sums: RunGroupView['columns'][string] | undefined }) {
  if (sums === undefined || sums.mean === null) return <Missing />;
  const { mean, deviation, min, max, n } = sums;
  return (
    <span title={`${min} to ${max}, of ${n} runs`}>
      <Num value={mean} />
      {deviation === null ? null : (
        <span className="muted">
          {' ± '}
          <Num value={deviation} />
        </span>
      )}
    </span>
  );
}
