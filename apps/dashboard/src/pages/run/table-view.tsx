/** A logged table: searched, sorted by its columns, kept as CSV. */
import { type ReactNode, useMemo, useState } from 'react';
import { saveCsv } from '../../charts/drawing/export-files.js';
import { csvOf } from '../../charts/maths/csv.js';
import type { FileHome } from '../../data/file-queries.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { type Sort, sortOf } from '../../ui/sort.js';
import { type Column, Table } from '../../ui/table.js';
import { type CellPlace, CellView, needsRoom, roomFor, type ShownMedia } from './cell-view.js';
import { MediaView } from './media-view.js';
import { cellText, filteredRows, type LoggedTable, sortedRows, type TableRow } from './table-rows.js';

const headHeight = 32;
const rowHeight = 28;
/** Of rows with something to look at. */
const tallRow = 100;

export interface TableViewProps {
  readonly table: LoggedTable;
  readonly label: string;
  /** Where what its cells show lies. */
  readonly home: FileHome;
  /** CSS pixels; fewer rows take less. */
  readonly mostHeight?: number;
}

export function TableView({ table, label, home, mostHeight = 420 }: TableViewProps): ReactNode {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<Sort>(null);
  const [opened, setOpened] = useState<ShownMedia | null>(null);
  const rows = useMemo(() => {
    const { by, order } = sortOf(sort);
    const filtered = filteredRows(table.rows, search);
    return by === null ? filtered : sortedRows(filtered, Number(by), order === 'descending');
  }, [table, search, sort]);
  const columns = useMemo(() => columnsOf(table, { home, onOpen: setOpened }), [table, home]);
  const tall = useMemo(() => table.rows.slice(0, sampled).some(({ cells }) => cells.some(needsRoom)), [table]);
  const height = tall ? tallRow : rowHeight;
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
        rowHeight={height}
        height={`${Math.min(tall ? mostHeight * 1.5 : mostHeight, headHeight + rows.length * height)}px`}
      />
      <Dialog title={label} open={opened !== null} onClose={() => setOpened(null)} wide>
        {opened !== null && <MediaView {...opened} name={label} />}
      </Dialog>
    </div>
  );
}

const csvCell = (cell: unknown) => (typeof cell === 'number' || typeof cell === 'boolean' || cell === null ? cell : cellText(cell));

/** Rows that are looked at for what columns hold. */
const sampled = 50;

function columnsOf({ columns, rows }: LoggedTable, place: CellPlace): readonly Column<TableRow>[] {
  return columns.map((title, i) => {
    const sample = rows.slice(0, sampled).map(({ cells }) => cells[i]);
    const numeric = sample.some((cell) => typeof cell === 'number');
    const longest = Math.max(title.length, ...sample.map((cell) => cellText(cell ?? null).length));
    const widths = sample.flatMap((cell) => roomFor(cell) ?? []);
    return {
      id: String(i),
      title,
      sort: String(i),
      numeric,
      width: widths.length > 0 ? Math.max(...widths) : Math.min(320, Math.max(72, longest * 7.5 + 30)),
      cell: ({ cells }) => <CellView value={cells[i] ?? null} place={place} />,
    };
  });
}
