/** One sweep: what it found, how it goes, and what may be done with it. */

import type { SweepView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { agentsQuery, sweepQuery } from '../../data/queries.js';
import { trialsQuery, waitingQuery } from '../../data/sweep-queries.js';
import type { TrialPoint } from '../../data/trial-points.js';
import { useNamedPage } from '../../shell/page-name.js';
import { useNow } from '../../ui/now.js';
import { Loaded, Loading } from '../../ui/panels.js';
import { ProgressBar } from '../../ui/progress.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { State } from '../../ui/state.js';
import { Tabs } from '../../ui/tabs.js';
import { answerOf } from './answer.js';
import { Controls } from './controls.js';
import { useSelection } from './selection.js';
import { TrialPanel } from './trial-panel.js';
import './sweep.css';

const tabs = {
  overview: { label: 'Overview', View: lazy(() => import('./overview.js')) },
  trials: { label: 'Trials', View: lazy(() => import('./trials-tab.js')) },
  curves: { label: 'Curves', View: lazy(() => import('./curves-tab.js')) },
  timeline: { label: 'Timeline', View: lazy(() => import('./timeline-tab.js')) },
  space: { label: 'Space', View: lazy(() => import('./space-tab.js')) },
  decisions: { label: 'Decisions', View: lazy(() => import('./decisions-tab.js')) },
  config: { label: 'Config', View: lazy(() => import('./config-tab.js')) },
};

type TabId = keyof typeof tabs;
const tabList = Object.entries(tabs).map(([id, { label }]) => ({ id, label }));

export default function SweepPage() {
  const { sweep: id } = useParams({ strict: false }) as { readonly sweep: string };
  const sweep = useQuery(sweepQuery(id));
  const trials = useQuery(trialsQuery(id));
  useNamedPage(sweep.data?.name || id);
  return (
    <Loaded query={sweep} what={`sweep ${id}`}>
      {(found) => (
        <Loaded query={trials} what="its trials">
          {(all) => <SweepPanels sweep={found} trials={all.trials} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function SweepPanels({ sweep, trials }: { readonly sweep: SweepView; readonly trials: readonly TrialPoint[] }) {
  const [{ tab = 'overview' }] = useParamsInAddress();
  const selection = useSelection(trials);
  const current: TabId = Object.hasOwn(tabs, tab) ? (tab as TabId) : 'overview';
  const { View } = tabs[current];
  const shown = selection.trials.at(-1);
  return (
    <div className={shown === undefined ? 'sweep' : 'sweep sweep-with-panel'}>
      <div className="sweep-main">
        <Head sweep={sweep} trials={trials} />
        <Tabs label="Parts of this sweep" tabs={tabList} current={current} />
        <Suspense fallback={<Loading what="this part" />}>
          <View sweep={sweep} trials={trials} selection={selection} />
        </Suspense>
      </div>
      {shown === undefined ? null : <TrialPanel sweep={sweep} trial={shown} selection={selection} />}
    </div>
  );
}

function Head({ sweep, trials }: { readonly sweep: SweepView; readonly trials: readonly TrialPoint[] }) {
  const agents = useQuery(agentsQuery());
  const waiting = useQuery({ ...waitingQuery(sweep.id), enabled: sweep.counts.queued > 0 });
  const now = useNow();
  return (
    <header className="sweep-head">
      <div className="row">
        <h1>{sweep.name || sweep.id}</h1>
        <State state={sweep.state} title={sweep.reason} />
        <span className="muted">
          {sweep.method} · <span className="mono">{sweep.id}</span>
        </span>
        <div className="push">
          <Controls sweep={sweep} trials={trials} />
        </div>
      </div>
      <p className="answer" data-testid="answer">
        {answerOf({ sweep, trials, waitingFor: waiting.data ?? null, agents: agents.data?.items ?? null, now })}
      </p>
      <ProgressBar counts={sweep.counts} expected={sweep.expectedTrials} />
    </header>
  );
}
