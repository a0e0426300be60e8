/** Artifacts that the run used and made, and how they hang together with other runs. What each holds is on its own page. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { artifactQuery, artifactsQuery, type RunArtifact } from '../../data/run-queries.js';
import { artifactAddress } from '../../shell/addresses.js';
import { formatBytes } from '../../ui/format.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Time } from '../../ui/value.js';
import { lineageOf } from './lineage.js';
import { LineageGraph } from './lineage-graph.js';
import type { RunPart } from './run-part.js';

/** More would be no graph. */
const mostInGraph = 24;

export default function ArtifactsTab({ run }: RunPart): ReactNode {
  const query = useQuery(artifactsQuery(run.id));
  return (
    <Loaded query={query} what="its artifacts">
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No artifacts">
            <code>run.log_artifact(…)</code> and <code>run.use_artifact(…)</code> show here what was made and used.
          </Empty>
        ) : (
          <>
            <RunLineage run={run.id} artifacts={items.slice(0, mostInGraph)} />
            <Table label="Artifacts" columns={columnsOf(run.project)} rows={items} />
          </>
        )
      }
    </Loaded>
  );
}

/** @param project of the run; an artifact of another one is found by its name there, and told by its page */
const columnsOf = (project: string): readonly Column<RunArtifact>[] => [
  {
    id: 'name',
    title: 'Artifact',
    width: 260,
    cell: ({ type, collection, version }) => (
      <Link to={artifactAddress({ project, type, collection, version })}>{`${collection}:${version}`}</Link>
    ),
  },
  { id: 'role', title: 'Role', width: 80, cell: ({ role }) => (role === 'output' ? 'made' : 'used') },
  { id: 'type', title: 'Type', width: 120, cell: ({ type }) => type },
  { id: 'aliases', title: 'Aliases', width: 140, cell: ({ aliases }) => aliases.join(', ') },
  { id: 'files', title: 'Files', width: 70, numeric: true, cell: ({ fileCount }) => fileCount },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ size }) => formatBytes(size) },
  { id: 'at', title: 'Made', width: 110, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

interface RunLineageProps {
  readonly run: string;
  readonly artifacts: readonly RunArtifact[];
}

function RunLineage({ run, artifacts }: RunLineageProps): ReactNode {
  const navigate = useNavigate();
  const details = useQueries({ queries: artifacts.map(({ id }) => artifactQuery(id)) });
  const known = (role: RunArtifact['role']) =>
    details.flatMap(({ data }, index) => (data === undefined || artifacts[index]!.role !== role ? [] : [data]));
  return (
    <LineageGraph
      lineage={lineageOf(run, known('input'), known('output'))}
      current={`run:${run}`}
      onPick={({ to }) => {
        if (to !== null) void navigate({ to });
      }}
    />
  );
}
