/** Projects, of everybody or of one entity. */

import type { ProjectView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { projectsQuery } from '../data/queries.js';
import { projectAddress } from '../shell/addresses.js';
import { useNamedPage } from '../shell/page-name.js';
import { Empty, Loaded } from '../ui/panels.js';
import { type Column, Table } from '../ui/table.js';
import { Num, Time } from '../ui/value.js';

export default function Projects() {
  const { entity } = useParams({ strict: false }) as { readonly entity?: string };
  const title = entity === undefined ? 'Projects' : `Projects of ${entity}`;
  useNamedPage(entity ?? 'Projects');
  const projects = useQuery(projectsQuery());
  return (
    <div className="stack">
      <h1>{title}</h1>
      <Loaded query={projects} what="projects">
        {({ items }) => <List label={title} projects={items.filter((project) => entity === undefined || project.entity === entity)} />}
      </Loaded>
    </div>
  );
}

function List({ label, projects }: { readonly label: string; readonly projects: readonly ProjectView[] }) {
  if (projects.length === 0) {
    return (
      <Empty title="No projects">
        The first sweep or run makes its project. <Link to="/start">How to start</Link>
      </Empty>
    );
  }
  const rows = projects.map((project) => ({ ...project, id: `${project.entity}/${project.name}` }));
  return <Table label={label} columns={columns} rows={rows} />;
}

const columns: readonly Column<ProjectView & { readonly id: string }>[] = [
  { id: 'name', title: 'Project', width: 240, cell: ({ id, name }) => <Link to={projectAddress(id)}>{name}</Link> },
  { id: 'entity', title: 'Entity', width: 160, cell: ({ entity }) => <Link to={`/${entity}`}>{entity}</Link> },
  { id: 'sweeps', title: 'Sweeps', width: 90, numeric: true, cell: ({ sweeps }) => <Num value={sweeps} /> },
  { id: 'runs', title: 'Runs', width: 90, numeric: true, cell: ({ runs }) => <Num value={runs} /> },
  { id: 'created', title: 'Created', width: 120, cell: ({ createdAt }) => <Time at={createdAt} /> },
];
