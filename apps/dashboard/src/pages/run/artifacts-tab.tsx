/** Artifacts that the run used and made, how they hang together with other runs, and what each version holds. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { artifactFilesQuery, artifactQuery, artifactsQuery, type RunArtifact } from '../../data/run-queries.js';
import { formatBytes } from '../../ui/format.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Time, Value } from '../../ui/value.js';
import { lineageOf } from './lineage.js';
import { LineageGraph } from './lineage-graph.js';
import type { RunPart } from './run-part.js';

/** More would be no graph. */
const mostInGraph = 24;

export default function ArtifactsTab({ run }: RunPart): ReactNode {
  const query = useQuery(artifactsQuery(run.id));
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Loaded query={query} what="its artifacts">
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No artifacts">
            <code>run.log_artifact(…)</code> and <code>run.use_artifact(…)</code> show here what was made and used.
          </Empty>
        ) : (
          <>
            <RunLineage run={run.id} artifacts={items.slice(0, mostInGraph)} picked={picked} onPick={setPicked} />
            <Table label="Artifacts" columns={columns} rows={items} picked={picked === null ? [] : [picked]} onPick={setPicked} />
            {picked !== null && <ArtifactPanel id={picked} onPick={setPicked} />}
          </>
        )
      }
    </Loaded>
  );
}

const columns: readonly Column<RunArtifact>[] = [
  {
    id: 'name',
    title: 'Artifact',
    width: 260,
    cell: ({ collection, version }) => <span title={collection}>{`${collection}:${version}`}</span>,
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
  readonly picked: string | null;
  readonly onPick: (id: string) => void;
}

function RunLineage({ run, artifacts, picked, onPick }: RunLineageProps): ReactNode {
  const details = useQueries({ queries: artifacts.map(({ id }) => artifactQuery(id)) });
  const known = artifacts.map(({ id, collection, version, role }, i) => ({
    id,
    label: `${collection}:${version}`,
    role,
    producedBy: details[i]?.data?.producedBy ?? null,
    usedBy: details[i]?.data?.usedBy ?? [],
  }));
  const lineage = lineageOf(
    run,
    known.filter(({ role }) => role === 'input'),
    known.filter(({ role }) => role === 'output'),
  );
  return <LineageGraph lineage={lineage} run={run} picked={picked} onPick={onPick} />;
}

function ArtifactPanel({ id, onPick }: { readonly id: string; readonly onPick: (id: string) => void }): ReactNode {
  const query = useQuery(artifactQuery(id));
  const files = useQuery(artifactFilesQuery(id));
  return (
    <Loaded query={query} what="the artifact">
      {({ collection, version, description, metadata, versions }) => (
        <section className="run-section" aria-label={`${collection}:${version}`}>
          <h2>
            {collection}:{version}
          </h2>
          {description !== null && description !== '' && <p className="run-notes">{description}</p>}
          <p className="versions">
            {versions.map((one) => (
              <button key={one.id} type="button" aria-current={one.id === id} onClick={() => onPick(one.id)}>
                {one.version}
                {one.aliases.length > 0 && <span className="muted"> {one.aliases.join(', ')}</span>}
              </button>
            ))}
          </p>
          <dl className="named-values">
            {Object.entries(metadata ?? {}).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Value value={value} />
                </dd>
              </div>
            ))}
          </dl>
          <Loaded query={files} what="its files">
            {({ items }) => (
              <Table
                label={`Files of ${collection}:${version}`}
                columns={fileColumns}
                rows={items.map((file) => ({ ...file, id: file.path }))}
                height={`${Math.min(240, 32 + 28 * items.length)}px`}
              />
            )}
          </Loaded>
        </section>
      )}
    </Loaded>
  );
}

interface ArtifactFileRow {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly ref: string | null;
}

const fileColumns: readonly Column<ArtifactFileRow>[] = [
  { id: 'path', title: 'Path', width: 320, cell: ({ path }) => <span title={path}>{path}</span> },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ size }) => formatBytes(size) },
  { id: 'ref', title: 'Reference', width: 280, cell: ({ ref }) => <span title={ref ?? ''}>{ref ?? ''}</span> },
];
