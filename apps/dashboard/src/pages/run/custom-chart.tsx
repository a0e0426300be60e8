/** One chart of `wandb.plot`: its table is read, and drawn by Vega, which is loaded when the first such chart comes into sight. */
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { documentQuery, homeOfRun } from '../../data/file-queries.js';
import { customChartQuery, mediaQuery } from '../../data/run-queries.js';
import { Loaded, Loading } from '../../ui/panels.js';
import { type ChartRequest, definedChart, filledSpec, vegaLiteOf } from './custom-charts.js';
import { isObject, mediaItems } from './media-values.js';
import { type LoggedTable, tableIn } from './table-rows.js';
import { TableView } from './table-view.js';

const VegaView = lazy(() => import('./vega-view.js'));

export function CustomChart({
  run,
  request,
  live,
}: {
  readonly run: string;
  readonly request: ChartRequest;
  readonly live: boolean;
}): ReactNode {
  const table = useQuery(mediaQuery(run, [request.table], live));
  const title = request.texts['title'] || request.key;
  return (
    <section className="custom-chart" aria-label={title}>
      <h3>{title}</h3>
      <Loaded query={table} what={title}>
        {({ items }) => {
          const path = mediaItems(items.at(-1)?.value)[0]?.path;
          if (path === undefined) return <p className="muted">Its table `{request.table}` was not logged yet.</p>;
          return <ChartOfTable run={run} request={request} path={path} title={title} />;
        }}
      </Loaded>
    </section>
  );
}

interface ChartOfTableProps {
  readonly run: string;
  readonly request: ChartRequest;
  readonly path: string;
  readonly title: string;
}

function ChartOfTable({ run, request, path, title }: ChartOfTableProps): ReactNode {
  const query = useQuery(documentQuery(homeOfRun(run), path));
  const table = useMemo(() => tableIn([query.data]), [query.data]);
  const defined = definedChart(request.preset);
  const definition = useQuery({ ...customChartQuery(defined?.entity ?? '', defined?.name ?? ''), enabled: defined !== null });
  const spec = useMemo(() => {
    const filled = filledSpec(definition.data?.spec, request);
    return isObject(filled) ? filled : vegaLiteOf(request);
  }, [request, definition.data]);
  return (
    <Loaded query={query} what={title}>
      {() => {
        if (definition.isLoading) return <Loading what={title} />;
        if (table === null) return <p className="muted">The file of its table holds no table.</p>;
        if (spec === null) {
          return (
            <>
              <p className="muted">How “{request.preset}” draws is not known here; this is its table.</p>
              <TableView table={table} label={title} home={homeOfRun(run)} mostHeight={220} />
            </>
          );
        }
        return (
          <Suspense fallback={<Loading what={title} />}>
            <VegaView spec={spec} rows={recordsOf(table)} label={title} />
          </Suspense>
        );
      }}
    </Loaded>
  );
}

const recordsOf = ({ columns, rows }: LoggedTable): readonly Readonly<Record<string, unknown>>[] =>
  rows.map(({ cells }) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? null])));
