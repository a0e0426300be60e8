/** Every trial with every param and metric: filtered by an expression, ordered, arranged, exported. */
import type { TrialView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { saveCsv } from '../../charts/drawing/export-files.js';
import { csvOf } from '../../charts/maths/csv.js';
import { trialRowsQuery } from '../../data/sweep-queries.js';
import { Button } from '../../ui/button.js';
import { ColumnChooser } from '../../ui/column-chooser.js';
import { arranged, listIn } from '../../ui/columns.js';
import { Field } from '../../ui/field.js';
import { formatNumber } from '../../ui/format.js';
import { holdRows } from '../../ui/held-rows.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Table } from '../../ui/table.js';
import type { SweepParts } from './parts.js';
import { trialColumns } from './trial-columns.js';
import { filterTrials, sortTrials } from './trial-filter.js';
import { trialsCsv } from './trials-csv.js';

const newestFirst = '-number';

export default function TrialsTab(parts: SweepParts) {
  const rows = useQuery(trialRowsQuery(parts.sweep.id));
  return (
    <Loaded query={rows} what="the trials">
      {({ trials }) => <TrialTable {...parts} trials={trials} />}
    </Loaded>
  );
}

type TrialTableProps = Omit<SweepParts, 'trials'> & { readonly trials: readonly TrialView[] };

function TrialTable({ sweep, trials, selection }: TrialTableProps) {
  const [{ where = '', sort = newestFirst, hide = '', pin = '' }, setParams] = useParamsInAddress();
  const columns = useMemo(() => trialColumns(sweep, trials), [sweep, trials]);
  const wanted = useDeferredValue(where);
  const filtered = useMemo(() => filterTrials(trials, wanted), [trials, wanted]);
  const rows = useMemo(() => (filtered.ok ? sortTrials(filtered.trials, sort === 'none' ? null : sort) : []), [filtered, sort]);
  const held = useHeld(rows, selection.selected.length > 0, `${sort} ${wanted}`);
  const shown = useMemo(() => arranged(columns, { hidden: listIn(hide), pinned: listIn(pin) }), [columns, hide, pin]);
  if (trials.length === 0) return <Empty title="No trials yet">The first is proposed as soon as an agent has a free slot.</Empty>;
  return (
    <section className="stack-small">
      <div className="table-tools">
        <div className="table-filter">
          <Field
            label="Filter"
            hideLabel
            type="search"
            value={where}
            onChange={(text) => setParams({ where: text })}
            placeholder="lr < 0.01 and state = completed"
            problem={filtered.ok ? null : filtered.message}
          />
        </div>
        <span className="muted">
          {rows.length === trials.length
            ? `${formatNumber(trials.length)} trials`
            : `${formatNumber(rows.length)} of ${formatNumber(trials.length)} trials`}
        </span>
        <ColumnChooser columns={columns} hidden={listIn(hide)} pinned={listIn(pin)} onChange={(change) => setParams(change)} />
        <Button onPress={() => saveCsv(`${sweep.id}-trials`, csvOf(...trialsCsv(rows, columns)))}>Export CSV</Button>
      </div>
      {held.fresh > 0 ? (
        <button type="button" className="fresh" onClick={held.release}>
          {held.fresh} new
        </button>
      ) : null}
      <Table
        label="Trials"
        columns={shown.columns}
        rows={held.rows}
        pinned={shown.pinned}
        sort={sort}
        onSort={(next) => setParams({ sort: next ?? 'none' })}
        picked={selection.selected}
        onPick={selection.pick}
        onScrolled={held.scrolled}
        height="max(320px, calc(100dvh - 330px))"
      />
    </section>
  );
}

interface HeldRows {
  readonly rows: readonly TrialView[];
  readonly fresh: number;
  readonly release: () => void;
  readonly scrolled: (away: boolean) => void;
}

/** Rows stay where they are while somebody reads them. Another order or filter (`arrangement`) lets go. */
function useHeld(rows: readonly TrialView[], selecting: boolean, arrangement: string): HeldRows {
  const [away, setAway] = useState(false);
  const [hold, setHold] = useState<{ readonly arrangement: string; readonly order: readonly string[] } | null>(null);
  const wanted = away || selecting;
  if (wanted && hold?.arrangement !== arrangement) setHold({ arrangement, order: rows.map(({ id }) => id) });
  if (!wanted && hold !== null) setHold(null);
  return {
    ...holdRows(rows, wanted && hold?.arrangement === arrangement ? hold.order : null),
    release: () => setHold({ arrangement, order: rows.map(({ id }) => id) }),
    scrolled: setAway,
  };
}
