/** A logged table: searched, sorted by its columns, kept as CSV. */
import { type ReactNode, useMemo, useState } from 'react';
import { saveCsv } from '../../charts/drawing/export-files.js';
import { csvOf } from '../../charts/maths/csv.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { type Sort, sortOf } from '../../ui/sort.js';
import { type Column, Table } from '../../ui/table.js';
import { Num, Value } from '../../ui/value.js';
import { isObject } from './media-values.js';
import { cellText, filteredRows, type LoggedTable, sortedRows, type TableRow } from './table-rows.js';

const headHeight = 32;
const rowHeight = 28;

export interface TableViewProps {
  readonly table: LoggedTable;
  readonly label: string;
  /** CSS pixels; fewer rows take less. */
  readonly mostHeight?: number;
}

export function TableView({ table, label, mostHeight = 420 }: TableViewProps): ReactNode {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>(null);
  const rows = useMemo(() => {
    const { by, order } = sortOf(sort);
    const filtered = filteredRows(table.rows, search);
    return by === null ? filtered : sortedRows(filtered, Number(by), order === 'descending');
  }, [table, search, sort]);
  const columns = useMemo(() => columnsOf(table), [table]);
  return (
    <div className="table-view">
      <div className="row">
        <Field label={`Search ${label}`} hideLabel type="search" placeholder="Search rows" value={search} onChange={setSearch} />
        <span className="muted">
          {rows.length === table.rows.length ? `${rows.length} rows` : `${rows.length} of ${table.rows.length} rows`}
        </span>
        <Button
          look="quiet"
          onPress={() =>
            saveCsv(
              label,
              csvOf(
                table.columns,
                rows.map(({ cells }) => cells.map(csvCell)),
              ),
            )
          }
        >
          CSV
        </Button>
      </div>
      <Table
        label={label}
        columns={columns}
        rows={rows}
        sort={sort}
        onSort={setSort}
        height={`${Math.min(mostHeight, headHeight + rows.length * rowHeight)}px`}
      />
    </div>
  );
}

const csvCell = (cell: unknown) => (typeof cell === 'number' || typeof cell === 'boolean' || cell === null ? cell : cellText(cell));

function columnsOf({ columns, rows }: LoggedTable): readonly Column<TableRow>[] {
  return columns.map((title, i) => {
    const sample = rows.slice(0, 50).map(({ cells }) => cells[i]);
    const numeric = sample.some((cell) => typeof cell === 'number');
    const longest = Math.max(title.length, ...sample.map((cell) => cellText(cell ?? null).length));
    return {
      id: String(i),
      title,
      sort: String(i),
      numeric,
      width: Math.min(320, Math.max(72, longest * 7.5 + 30)),
      cell: ({ cells }) => <Cell value={cells[i] ?? null} />,
    };
  });
}

function Cell({ value }: { readonly value: unknown }): ReactNode {
  if (typeof value === 'number') return <Num value={value} />;
  if (isObject(value)) return <span title={JSON.stringify(value)}>{cellText(value)}</span>;
  return <Value value={value} />;
}
