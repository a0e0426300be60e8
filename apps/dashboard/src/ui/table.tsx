/**
 * The table of the dashboard: a header that stays, a pinned first column, thousands of rows of which only those in sight exist, and of
 * many columns as well.
 *
 * Owns looks, scrolling, the keyboard and the one row that is picked. Sorting and filtering are the caller's: it is told what was asked.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { type Stretch, useColumnsInSight } from './columns-in-sight.js';
import { useRowKeys } from './row-keys.js';
import { nextSort, type Sort, sortOf } from './sort.js';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  /** CSS pixels. */
  readonly width: number;
  readonly numeric?: boolean;
  /** What to sort by; absent where order has no meaning. */
  readonly sort?: string;
  readonly cell: (row: T) => ReactNode;
}

export interface TableProps<T extends { readonly id: string }> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** Columns that stay at the left, from the first. */
  readonly pinned?: number;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly picked?: readonly string[];
  readonly onPick?: (id: string | null, adding: boolean) => void;
  /** The last rows come into sight: more may be read. */
  readonly onEnd?: () => void;
  /** Which rows exist now, by their places: those in sight and a few around. */
  readonly onSight?: (first: number, last: number) => void;
  readonly onScrolled?: (away: boolean) => void;
  /** CSS pixels; absent: one line. */
  readonly rowHeight?: number;
  /** CSS height of the scrolling part; absent: as high as its rows. */
  readonly height?: string;
}

const lineHeight = 28;

export function Table<T extends { readonly id: string }>(props: TableProps<T>) {
  const { columns, rows, pinned = 1, picked = [], onPick, onEnd, onSight, onScrolled, rowHeight = lineHeight, height } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const atEnd = last !== undefined && last.index >= rows.length - 20;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);
  const [firstPlace, lastPlace] = [first?.index ?? 0, last?.index ?? 0];
  useEffect(() => onSight?.(firstPlace, lastPlace), [firstPlace, lastPlace, onSight]);
  useRowKeys({
    ids: rows,
    picked: picked.at(-1) ?? null,
    onPick: onPick === undefined ? null : (id) => onPick(id, false),
    reveal: (index) => virtual.scrollToIndex(index),
  });

  // The same while the columns are: rows are drawn again only when something of theirs has changed.
  const lefts = useMemo(() => leftEdges(columns, pinned), [columns, pinned]);
  const widths = columns.map(({ width }) => width);
  const width = widths.reduce((sum, one) => sum + one, 0);
  const { stretch, look } = useColumnsInSight(box, widths, lefts.length);
  const chosen = new Set(picked);
  return (
    <section
      className="table-box"
      ref={box}
      style={height === undefined ? {} : { height }}
      aria-label={props.label}
      // Scrolls, so it must be reachable without a mouse.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        look();
        onScrolled?.(currentTarget.scrollTop > 0);
      }}
    >
      <table className="table" style={{ minWidth: width }} aria-rowcount={rows.length + 1} aria-colcount={columns.length}>
        <colgroup>
          {columns.map(({ id, width: wide }) => (
            <col key={id} style={{ width: wide }} />
          ))}
        </colgroup>
        <Head {...props} lefts={lefts} />
        <tbody style={{ '--row': `${rowHeight}px` } as CSSProperties}>
          <Spacer height={first?.start ?? 0} columns={columns.length} />
          {items.map(({ index }) => {
            const row = rows[index]!;
            const own = { row, index, columns, lefts, from: stretch.from, to: stretch.to };
            return <Row key={row.id} {...own} picked={chosen.has(row.id)} onPick={onPick} />;
          })}
          <Spacer height={virtual.getTotalSize() - (last?.end ?? 0)} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** Where each pinned column sticks. */
function leftEdges<T>(columns: readonly Column<T>[], pinned: number): readonly number[] {
  let left = 0;
  return columns.slice(0, pinned).map(({ width }) => {
    left += width;
    return left - width;
  });
}

function Head<T extends { readonly id: string }>({
  columns,
  sort = null,
  onSort,
  lefts,
}: TableProps<T> & { readonly lefts: readonly number[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column, index) => {
          const { by, order } = sortOf(sort);
          const active = column.sort !== undefined && by === column.sort;
          const title = (
            <>
              {column.title}
              {column.unit === undefined ? null : <span className="unit"> {column.unit}</span>}
            </>
          );
          return (
            <th
              key={column.id}
              scope="col"
              className={classOf(column.numeric, lefts[index] !== undefined)}
              style={lefts[index] === undefined ? {} : { left: lefts[index] }}
              aria-sort={active ? order : undefined}
              title={column.title}
            >
              {column.sort === undefined || onSort === undefined ? (
                title
              ) : (
                <button type="button" className="sort" onClick={() => onSort(nextSort(sort, column.sort!, column.numeric === true))}>
                  {title}
                  <span aria-hidden="true" className="sort-mark">
                    {active ? (order === 'descending' ? '↓' : '↑') : ''}
                  </span>
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps<T> extends Stretch {
  readonly row: T;
  readonly index: number;
  readonly columns: readonly Column<T>[];
  readonly lefts: readonly number[];
  readonly picked: boolean;
  readonly onPick: TableProps<T & { readonly id: string }>['onPick'];
}

function PlainRow<T extends { readonly id: string }>({ row, index, columns, lefts, from, to, picked, onPick }: RowProps<T>) {
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={onPick === undefined ? undefined : picked}
      data-id={row.id}
      className={onPick === undefined ? undefined : 'row-pickable'}
      onClick={(event) => {
        // A link in a cell goes where it says.
        if (event.target instanceof Element && event.target.closest('a, button, input') !== null) return;
        onPick?.(picked && !event.shiftKey ? null : row.id, event.shiftKey);
      }}
    >
      {columns.slice(0, lefts.length).map(({ id, numeric, cell }, at) => (
        <td key={id} aria-colindex={at + 1} className={classOf(numeric, true)} style={{ left: lefts[at] }}>
          {cell(row)}
        </td>
      ))}
      {from > lefts.length && <td colSpan={from - lefts.length} aria-hidden="true" />}
      {columns.slice(from, to).map(({ id, numeric, cell }, at) => (
        <td key={id} aria-colindex={from + at + 1} className={classOf(numeric, false)}>
          {cell(row)}
        </td>
      ))}
      {to < columns.length && <td colSpan={columns.length - to} aria-hidden="true" />}
    </tr>
  );
}
const Row = memo(PlainRow) as typeof PlainRow;

/** Stands for the rows out of sight. */
function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height <= 0 ? null : (
    <tr className="spacer">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

const classOf = (numeric: boolean | undefined, pinned: boolean): string | undefined =>
  [numeric ? 'numeric' : '', pinned ? 'pinned' : ''].filter((name) => name !== '').join(' ') || undefined;
