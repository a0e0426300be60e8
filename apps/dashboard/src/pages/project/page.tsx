/** One project: its sweeps, its runs, its artifacts. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { sweepsQuery } from '../../data/queries.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Empty, Loaded, Loading } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Tabs } from '../../ui/tabs.js';
import { SweepList } from '../sweeps.js';

const Runs = lazy(() => import('../runs/page.js').then(({ RunsOf }) => ({ default: RunsOf })));
const Artifacts = lazy(() => import('./artifacts.js'));

const tabs = [
  { id: 'sweeps', label: 'Sweeps' },
  { id: 'runs', label: 'Runs' },
  { id: 'artifacts', label: 'Artifacts' },
];

export default function Project(): ReactNode {
  const { entity, project } = useParams({ strict: false }) as { readonly entity: string; readonly project: string };
  const path = `${entity}/${project}`;
  useNamedPage(path);
  const [{ tab = 'sweeps' }] = useParamsInAddress();
  return (
    <div className="stack">
      <h1>{path}</h1>
      <Tabs label="Parts of this project" tabs={tabs} current={tab} />
      <Suspense fallback={<Loading what="this part" />}>
        {tab === 'runs' ? <Runs project={path} /> : tab === 'artifacts' ? <Artifacts project={path} /> : <Sweeps project={path} />}
      </Suspense>
    </div>
  );
}

function Sweeps({ project }: { readonly project: string }): ReactNode {
  const query = useQuery(sweepsQuery(project));
  return (
    <Loaded query={query} what={`sweeps of ${project}`}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={`No sweeps in ${project}`}>
            <code>sweep create sweep.yaml --project {project}</code> makes one. Its runs and artifacts are beside.
          </Empty>
        ) : (
          <SweepList sweeps={items} heading={null} />
        )
      }
    </Loaded>
  );
}
