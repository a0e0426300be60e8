/** Any runs side by side: their curves over each other, how their configs differ, and what they came to. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { usePalette } from '../../charts/drawing/palette.js';
import { seriesColour } from '../../charts/maths/colours.js';
import { type ComparedRun, commonKeysQuery, comparedQuery } from '../../data/compare-queries.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { type Column, Table } from '../../ui/table.js';
import { Value } from '../../ui/value.js';
import { ChartLookBar, lookIn } from '../run/chart-look.js';
import { isAlive, markOf, useLocalSelection } from '../run/local-selection.js';
import { MetricCharts } from '../run/metric-charts.js';
import { configDiff, type DiffRow } from './config-diff.js';
import '../run/run.css';
import './compare.css';

export default function ComparePage(): ReactNode {
  const [params, set] = useParamsInAddress();
  const ids = useMemo(
    () =>
      String(params['runs'] ?? '')
        .split(',')
        .filter((id) => id !== ''),
    [params['runs']],
  );
  useNamedPage('Compare');
  const query = useQuery(comparedQuery(ids));
  if (ids.length === 0) {
    return (
      <Empty title="Nothing to compare yet">
        Pick two or more runs in a table of runs and choose Compare; or give their ids in the address: <code>/compare?runs=A,B</code>.
      </Empty>
    );
  }
  return (
    <Loaded query={query} what="these runs">
      {({ items }) => {
        const runs = ids.flatMap((id) => items.find((run) => run.id === id) ?? []);
        const missing = ids.filter((id) => !items.some((run) => run.id === id));
        return <Compared runs={runs} missing={missing} onDrop={(id) => set({ runs: ids.filter((one) => one !== id).join(',') })} />;
      }}
    </Loaded>
  );
}

interface ComparedProps {
  readonly runs: readonly ComparedRun[];
  readonly missing: readonly string[];
  readonly onDrop: (id: string) => void;
}

function Compared({ runs, missing, onDrop }: ComparedProps): ReactNode {
  return (
    <div className="run">
      <header>
        <h1>{runs.length} runs compared</h1>
        {missing.length > 0 && <p className="problem">There is no run {missing.join(', ')}.</p>}
        <Legend runs={runs} onDrop={onDrop} />
      </header>
      <OverlaidCurves runs={runs} />
      <DiffTable title="Config" runs={runs} of={(run) => run.config} />
      <DiffTable title="Summary" runs={runs} of={(run) => run.summary} />
    </div>
  );
}

function Legend({ runs, onDrop }: Pick<ComparedProps, 'runs' | 'onDrop'>): ReactNode {
  const { theme } = usePalette();
  return (
    <ul className="compare-legend">
      {runs.map((run) => (
        <li key={run.id}>
          <i style={{ background: seriesColour(run.id, theme) }} />
          <a href={`/${run.project}/runs/${encodeURIComponent(run.handle)}`}>{run.name || run.id}</a>{' '}
          <span className="muted">{run.state}</span>{' '}
          <button type="button" aria-label={`leave out ${run.name || run.id}`} onClick={() => onDrop(run.id)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function OverlaidCurves({ runs }: Pick<ComparedProps, 'runs'>): ReactNode {
  const [params] = useParamsInAddress();
  const look = useMemo(() => lookIn(params), [params]);
  const selection = useLocalSelection();
  const charted = useMemo(
    () =>
      runs.map(({ id, name, state, createdAt }) => ({
        id,
        label: name || id,
        state: markOf(state),
        began: Date.parse(createdAt),
        live: isAlive(state),
      })),
    [runs],
  );
  const query = useQuery(commonKeysQuery(runs.map(({ id }) => id)));
  return (
    <Loaded query={query} what="their metrics">
      {(names) =>
        names.length === 0 ? (
          <p className="muted">None of them has measured anything yet.</p>
        ) : (
          <section>
            <ChartLookBar look={look} metrics={names} />
            <MetricCharts runs={charted} names={names} look={look} selection={selection} />
          </section>
        )
      }
    </Loaded>
  );
}

interface DiffTableProps {
  readonly title: string;
  readonly runs: readonly ComparedRun[];
  readonly of: (run: ComparedRun) => Readonly<Record<string, unknown>>;
}

function DiffTable({ title, runs, of }: DiffTableProps): ReactNode {
  const rows = useMemo(() => configDiff(runs.map(of)), [runs, of]);
  const columns = useMemo(() => diffColumns(runs), [runs]);
  const differing = rows.filter(({ differs }) => differs).length;
  return (
    <section className="run-section">
      <h2>{title}</h2>
      <p className="muted">
        {differing} of {rows.length} differ{differing === 0 ? '' : '; those come first'}.
      </p>
      {rows.length > 0 && <Table label={title} columns={columns} rows={rows} height="min(50vh, 480px)" />}
    </section>
  );
}

function diffColumns(runs: readonly ComparedRun[]): readonly Column<DiffRow>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      width: 180,
      cell: ({ id, differs }) => <span className={differs ? 'compare-differs' : 'muted'}>{id}</span>,
    },
    ...runs.map((run, i) => ({
      id: run.id,
      title: run.name || run.id,
      width: 140,
      cell: ({ values, differs }: DiffRow) => (
        <span className={differs ? 'compare-differs' : 'muted'}>
          <Value value={values[i]} />
        </span>
      ),
    })),
  ];
}
