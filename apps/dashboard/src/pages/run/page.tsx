/** One run: what it measured, showed, printed and left behind. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { type OneRun, runQuery } from '../../data/run-queries.js';
import { useNamedPage } from '../../shell/page-name.js';
import { formatDuration } from '../../ui/format.js';
import { useNow } from '../../ui/now.js';
import { Loaded, Loading } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { State } from '../../ui/state.js';
import { Tabs } from '../../ui/tabs.js';
import { Time } from '../../ui/value.js';
import { isAlive } from './local-selection.js';
import './run.css';

const tabs = {
  charts: { label: 'Charts', View: lazy(() => import('./charts-tab.js')) },
  media: { label: 'Media', View: lazy(() => import('./media-tab.js')) },
  tables: { label: 'Tables', View: lazy(() => import('./tables-tab.js')) },
  system: { label: 'System', View: lazy(() => import('./system-tab.js')) },
  console: { label: 'Console', View: lazy(() => import('./console-tab.js')) },
  files: { label: 'Files', View: lazy(() => import('./files-tab.js')) },
  artifacts: { label: 'Artifacts', View: lazy(() => import('./artifacts-tab.js')) },
  config: { label: 'Config', View: lazy(() => import('./config-tab.js')) },
  code: { label: 'Code', View: lazy(() => import('./code-tab.js')) },
  attempts: { label: 'Attempts', View: lazy(() => import('./attempts-tab.js')) },
};

type TabId = keyof typeof tabs;
const tabList = Object.entries(tabs).map(([id, { label }]) => ({ id, label }));

export default function RunPage(): ReactNode {
  const {
    entity,
    project,
    run: handle,
  } = useParams({ strict: false }) as { readonly entity: string; readonly project: string; readonly run: string };
  const query = useQuery(runQuery(`${entity}/${project}/${handle}`));
  useNamedPage(query.data?.name || handle);
  return (
    <Loaded query={query} what={`run ${handle}`}>
      {(run) => <RunPanels run={run} />}
    </Loaded>
  );
}

function RunPanels({ run }: { readonly run: OneRun }): ReactNode {
  const [{ tab = 'charts' }] = useParamsInAddress();
  const current: TabId = Object.hasOwn(tabs, tab) ? (tab as TabId) : 'charts';
  const { View } = tabs[current];
  // A trial's run has attempts; one of its own has not.
  const shown = run.attempts.length > 0 ? tabList : tabList.filter(({ id }) => id !== 'attempts');
  return (
    <div className="run">
      <Head run={run} />
      <Tabs label="Parts of this run" tabs={shown} current={current} />
      <Suspense fallback={<Loading what="this part" />}>
        <View run={run} live={isAlive(run.state)} />
      </Suspense>
    </div>
  );
}

function Head({ run }: { readonly run: OneRun }): ReactNode {
  const now = useNow();
  const [entity, project] = run.project.split('/');
  const took = isAlive(run.state) ? now - Date.parse(run.createdAt) : (run.durationSeconds ?? 0) * 1000;
  return (
    <header className="run-head">
      <div className="row">
        <h1>{run.name || run.id}</h1>
        <State state={run.state} />
        <span className="muted mono">{run.id}</span>
      </div>
      <p className="answer" data-testid="answer">
        {isAlive(run.state) ? 'For' : 'Took'} {formatDuration(Math.max(0, took))}
        {run.host === null ? '' : ` on ${run.host}`}
        {run.exitCode === null ? '' : `, exit code ${run.exitCode}`}. Begun <Time at={run.createdAt} />
        {run.user === null ? '' : ` by ${run.user}`}.
        {run.sweep !== null && (
          <>
            {' '}
            Trial {run.trial} of{' '}
            <Link to={'/$entity/$project/sweeps/$sweep' as never} params={{ entity, project, sweep: run.sweep } as never}>
              sweep {run.sweep}
            </Link>
            .
          </>
        )}
      </p>
      {(run.tags.length > 0 || run.group !== null || run.jobType !== null) && (
        <p className="muted">
          {[...run.tags.map((tag) => `#${tag}`), run.group === null ? '' : `group ${run.group}`, run.jobType ?? '']
            .filter((text) => text !== '')
            .join(' · ')}
        </p>
      )}
      {run.notes !== null && run.notes !== '' && <p className="run-notes">{run.notes}</p>}
    </header>
  );
}
