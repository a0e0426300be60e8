/** Columns of the table of runs: what every run has, and what the person chose of config and summary. */
import type { RunKeyView } from '@sweep/api';
import { Link } from '@tanstack/react-router';
import { runAddress } from '../../shell/addresses.js';
import { State } from '../../ui/state.js';
import type { Column } from '../../ui/table.js';
import { Duration, Missing, Time, Value } from '../../ui/value.js';
import type { RunRow } from './use-run-rows.js';

type Run = NonNullable<RunRow['run']>;

const of =
  (cell: (run: Run) => React.ReactNode) =>
  ({ run }: RunRow): React.ReactNode =>
    run === null ? null : cell(run);

export interface Picking {
  readonly picked: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
}

const texts = (title: string, width: number, read: (run: Run) => string | null, name: string): Column<RunRow> => ({
  id: name,
  title,
  width,
  sort: name,
  cell: of((run) => read(run) ?? <Missing />),
});

/** Those that do not depend on what was logged, by name; `pick` and `name` always stand first. */
const plainColumns: readonly Column<RunRow>[] = [
  { id: 'state', title: 'State', width: 108, sort: 'state', cell: of(({ state }) => <State state={state} />) },
  { id: 'tags', title: 'Tags', width: 140, sort: 'tags', cell: of(({ tags }) => <span title={tags.join(', ')}>{tags.join(', ')}</span>) },
  texts('Group', 110, ({ group }) => group, 'group'),
  texts('User', 90, ({ user }) => user, 'user'),
  texts('Sweep', 96, ({ sweep }) => sweep, 'sweep'),
  texts('Job', 90, ({ jobType }) => jobType, 'jobType'),
  texts('Notes', 180, ({ notes }) => notes, 'notes'),
  {
    id: 'duration',
    title: 'Took',
    width: 88,
    numeric: true,
    sort: 'duration',
    cell: of(({ durationSeconds }) => <Duration ms={durationSeconds === null ? null : durationSeconds * 1000} />),
  },
  { id: 'created', title: 'Created', width: 98, sort: 'created', cell: of(({ createdAt }) => <Time at={createdAt} />) },
  { id: 'id', title: 'Id', width: 90, sort: 'id', cell: of(({ id }) => <span className="mono">{id}</span>) },
];

export const plainNames: readonly string[] = plainColumns.map(({ id }) => id);

/** @param names in the order shown */
export function runColumns(names: readonly string[], { picked, toggle }: Picking): readonly Column<RunRow>[] {
  const first: readonly Column<RunRow>[] = [
    {
      id: 'pick',
      title: '✓',
      width: 34,
      cell: of(({ id, name }) => (
        <input type="checkbox" aria-label={`Select ${name}`} checked={picked.has(id)} onChange={() => toggle(id)} />
      )),
    },
    {
      id: 'name',
      title: 'Run',
      width: 190,
      sort: 'name',
      cell: of(({ project, handle, name }) => (
        <Link to={runAddress(project, handle)} title={name}>
          {name || handle}
        </Link>
      )),
    },
  ];
  return [...first, ...names.map((name) => plainColumns.find(({ id }) => id === name) ?? valueColumn(name))];
}

const widest = 220;

function valueColumn(name: string): Column<RunRow> {
  const title = name.replace(/^(config|summary)\./, '');
  return {
    id: name,
    title,
    width: Math.min(widest, Math.max(98, 30 + title.length * 7.5)),
    numeric: true,
    sort: name,
    cell: of(({ config, summary }) => <Value value={Object.hasOwn(config, name) ? config[name] : summary[name]} />),
  };
}

const usualPlain = ['state', 'sweep', 'duration', 'created'];
const usualOfEach = 6;

/** What is shown until somebody chooses: what most runs have. What begins with `_` the client adds for itself. */
export function usualColumns(keys: readonly RunKeyView[]): readonly string[] {
  const most = (room: string): readonly string[] =>
    keys
      .filter(({ name, type }) => name.startsWith(room) && !name.startsWith(`${room}_`) && type !== 'object' && type !== 'list')
      .toSorted((a, b) => b.runs - a.runs || a.name.localeCompare(b.name, 'en', { numeric: true }))
      .slice(0, usualOfEach)
      .map(({ name }) => name);
  const [state, ...rest] = usualPlain;
  return [state!, ...most('summary.'), ...most('config.'), ...rest];
}
