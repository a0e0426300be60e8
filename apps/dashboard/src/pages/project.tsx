/** One project: its sweeps. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { sweepsQuery } from '../data/queries.js';
import { useNamedPage } from '../shell/page-name.js';
import { Empty, Loaded } from '../ui/panels.js';
import { SweepList } from './sweeps.js';

export default function Project() {
  const { entity, project } = useParams({ strict: false }) as { readonly entity: string; readonly project: string };
  const path = `${entity}/${project}`;
  useNamedPage(path);
  const sweeps = useQuery(sweepsQuery(path));
  return (
    <Loaded query={sweeps} what={`sweeps of ${path}`}>
      {({ items }) => (items.length === 0 ? <Empty title={`No sweeps in ${path}`} /> : <SweepList sweeps={items} heading={path} />)}
    </Loaded>
  );
}
