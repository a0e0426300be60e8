/** All runs, with or without a sweep: filtered by an expression, in any order, grouped, and changed many at a time. */
import { parseExpression, type RunSelection } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { projectsQuery } from '../../data/queries.js';
import { allIds, runKeysQuery } from '../../data/run-table-queries.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Picker } from '../../ui/choice.js';
import { listIn, listText } from '../../ui/columns.js';
import { Field } from '../../ui/field.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Table } from '../../ui/table.js';
import { BulkBar } from './bulk-bar.js';
import { ColumnPicker } from './column-picker.js';
import { both } from './conditions.js';
import { FilterBuilder } from './filter-builder.js';
import { Groups } from './groups.js';
import { plainNames, runColumns, usualColumns } from './run-columns.js';
import './runs.css';
import { SavedViews } from './saved-views.js';
import { useRunRows } from './use-run-rows.js';

const everything = 'all projects';

export default function Runs() {
  useNamedPage('Runs');
  const [{ project = '' }, setParams] = useParamsInAddress();
  const projects = useQuery(projectsQuery());
  const paths = (projects.data?.items ?? []).map(({ entity, name }) => `${entity}/${name}`);
  return (
    <div className="stack-small">
      <header className="row">
        <h1>Runs</h1>
        <span className="push" />
        <Picker
          label="Project"
          choices={[{ id: '', label: everything }, ...paths.map((path) => ({ id: path, label: path }))]}
          value={project}
          onChange={(id) => setParams({ project: id === everything ? '' : id })}
        />
      </header>
      <RunsOf project={project} />
    </div>
  );
}

/** @param project ENTITY/PROJECT; empty: of all */
export function RunsOf({ project }: { readonly project: string }) {
  const [params, setParams] = useParamsInAddress();
  const { where = '', sort = '', columns = '', group = '' } = params;
  const problem = problemOf(where);
  // A text that is no expression yet leaves the table as it was.
  const [lastGood, setLastGood] = useState(where);
  if (problem === null && lastGood !== where) setLastGood(where);
  const wanted = useDeferredValue(lastGood);
  const selection = useMemo(() => selectionOf(project, wanted), [project, wanted]);
  const keys = useQuery(runKeysQuery(selectionOf(project, '')));
  const known = keys.data?.items ?? [];
  const shown = columns === '' ? usualColumns(known) : listIn(columns);
  const numbers = new Set(known.filter(({ type }) => type === 'number').map(({ name }) => name));
  const names = [...plainNames, 'name', ...known.map(({ name }) => name)];
  return (
    <div className="stack-small">
      <div className="run-tools">
        <div className="run-filter">
          <Field
            label="Filter"
            hideLabel
            type="search"
            value={where}
            onChange={(text) => setParams({ where: text })}
            placeholder="lr < 0.01 and state = failed"
            problem={problem}
          />
        </div>
        <FilterBuilder names={names} onAdd={(text) => setParams({ where: both(where, text) })} />
        <Picker
          label="Group"
          choices={[{ id: '', label: 'none' }, ...names.map((name) => ({ id: name, label: name }))]}
          value={group}
          onChange={(id) => setParams({ group: id })}
        />
        <ColumnPicker keys={known} shown={shown} onChange={(list) => setParams({ columns: list === null ? '' : listText(list) })} />
        {project === '' ? null : <SavedViews project={project} params={params} onOpen={setParams} />}
      </div>
      {group === '' ? (
        <RunTable
          selection={selection}
          sort={sort}
          shown={shown}
          ready={columns !== '' || keys.data !== undefined || keys.error !== null}
          onSort={(next) => setParams({ sort: next ?? '' })}
        />
      ) : (
        <Groups
          selection={selection}
          by={group}
          columns={shown.filter((name) => numbers.has(name))}
          onOpen={(text) => setParams({ group: '', where: both(where, text) })}
        />
      )}
    </div>
  );
}

interface RunTableProps {
  readonly selection: RunSelection;
  readonly sort: string;
  readonly shown: readonly string[];
  /** Which columns are shown is known. */
  readonly ready: boolean;
  readonly onSort: (sort: string | null) => void;
}

const none: ReadonlySet<string> = new Set();

function RunTable({ selection, sort, shown, ready, onSort }: RunTableProps) {
  const [picked, setPicked] = useState(none);
  const stamp = shown.join('\n');
  const valued = useMemo(() => shown.filter((name) => !plainNames.includes(name)), [stamp]);
  const { rows, total, waits, query, onSight } = useRunRows(
    useMemo(() => ({ ...selection, sort, columns: valued }), [selection, sort, valued]),
  );
  const toggle = useCallback((id: string) => {
    setPicked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const columns = useMemo(() => runColumns(shown, { picked, toggle }), [stamp, picked, toggle]);
  return (
    <>
      <p className="answer" role="status">
        {query.data === undefined || waits ? '…' : answerOf(total, selection)}
      </p>
      {picked.size === 0 ? null : (
        <BulkBar
          ids={[...picked]}
          total={total}
          onClear={() => setPicked(none)}
          onAll={async () => setPicked(new Set(await allIds(selection)))}
        />
      )}
      <Loaded query={ready && !(waits && query.error !== null) ? query : { ...query, data: undefined }} what="runs">
        {() =>
          total === 0 ? (
            <Empty title={selection.where === undefined ? 'No runs yet' : 'No run matches'}>
              {selection.where === undefined ? (
                <>
                  Create a sweep, or point a program that uses <code>wandb</code> here: <code>sweep up</code> prints how.
                </>
              ) : (
                'Change the filter above.'
              )}
            </Empty>
          ) : (
            <Table
              label="Runs"
              columns={columns}
              rows={rows}
              pinned={2}
              sort={sort === '' ? null : sort}
              onSort={onSort}
              onSight={onSight}
              height="max(320px, calc(100dvh - 260px))"
            />
          )
        }
      </Loaded>
    </>
  );
}

function answerOf(total: number, { where, project }: RunSelection): string {
  const runs = total === 1 ? '1 run' : `${total.toLocaleString('en-US')} runs`;
  return `${runs}${where === undefined ? '' : ' match'}${project === undefined ? '' : ` in ${project}`}.`;
}

function problemOf(where: string): string | null {
  if (where.trim() === '') return null;
  const parsed = parseExpression(where);
  return parsed.ok ? null : `${parsed.message} (at character ${parsed.offset + 1})`;
}

const selectionOf = (project: string, where: string): RunSelection => ({
  ...(project === '' ? {} : { project }),
  ...(where.trim() === '' ? {} : { where }),
});
