/** One version of an artifact: where it comes from and who used it, what it holds, and the other versions of its name. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { downloadAddress } from '../../data/file-queries.js';
import { type Artifact, artifactFilesQuery, artifactQuery } from '../../data/run-queries.js';
import { artifactAddress, runAddressOf } from '../../shell/addresses.js';
import { useNamedPage } from '../../shell/page-name.js';
import { Copyable } from '../../ui/copy.js';
import { formatBytes } from '../../ui/format.js';
import { Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Time, Value } from '../../ui/value.js';
import { lineageOfArtifact } from '../run/lineage.js';
import { LineageGraph } from '../run/lineage-graph.js';
import '../run/run.css';

export default function ArtifactPage(): ReactNode {
  const { entity, project, name, version } = useParams({ strict: false }) as Readonly<Record<string, string>>;
  const query = useQuery(artifactQuery(`${entity}/${project}/${name}:${version ?? 'latest'}`));
  useNamedPage(query.data === undefined ? `${name}` : `${query.data.collection}:${query.data.version}`);
  return (
    <Loaded query={query} what={`artifact ${name}`}>
      {(artifact) => <ArtifactPanels artifact={artifact} />}
    </Loaded>
  );
}

function ArtifactPanels({ artifact }: { readonly artifact: Artifact }): ReactNode {
  const { id, project, collection, version, type, aliases, description, metadata, versions } = artifact;
  const navigate = useNavigate();
  const facts = Object.entries(metadata ?? {});
  return (
    <div className="run">
      <header className="run-head">
        <div className="row">
          <h1>
            {collection}:{version}
          </h1>
          <span className="muted">{[type, ...aliases].join(' · ')}</span>
        </div>
        <Answer artifact={artifact} />
        {description !== null && description !== '' && <p className="run-notes">{description}</p>}
      </header>
      <Copyable label="how a program takes it" text={`run.use_artifact("${project}/${collection}:${version}").download()`} />
      <LineageGraph
        lineage={lineageOfArtifact(artifact)}
        current={id}
        onPick={({ to }) => {
          if (to !== null) void navigate({ to });
        }}
      />
      <section className="run-section" aria-labelledby="artifact-files">
        <h2 id="artifact-files">Files</h2>
        <Files id={id} name={`${collection}:${version}`} />
      </section>
      {facts.length > 0 && (
        <section className="run-section" aria-labelledby="artifact-metadata">
          <h2 id="artifact-metadata">Metadata</h2>
          <dl className="named-values">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Value value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className="run-section" aria-labelledby="artifact-versions">
        <h2 id="artifact-versions">Versions</h2>
        <Table
          label={`Versions of ${collection}`}
          columns={versionColumns(artifact)}
          rows={versions}
          picked={[id]}
          height={`${Math.min(400, 32 + 28 * versions.length)}px`}
        />
      </section>
    </div>
  );
}

function Answer({ artifact: { producedBy, runs, usedBy, fileCount, size, createdAt } }: { readonly artifact: Artifact }): ReactNode {
  const maker = runs.find(({ id }) => id === producedBy);
  return (
    <p className="answer" data-testid="answer">
      {fileCount === 1 ? '1 file' : `${fileCount} files`}, {formatBytes(size)}. Made <Time at={createdAt} />
      {producedBy === null ? '' : ' by '}
      {maker === undefined ? producedBy : <Link to={runAddressOf(maker.path)}>{maker.name || maker.id}</Link>},{' '}
      {usedBy.length === 0 ? 'used by no run yet' : usedBy.length === 1 ? 'used by 1 run' : `used by ${usedBy.length} runs`}.
    </p>
  );
}

type Version = Artifact['versions'][number];

const versionColumns = ({ project, type, collection }: Artifact): readonly Column<Version>[] => [
  {
    id: 'version',
    title: 'Version',
    width: 90,
    cell: ({ version }) => <Link to={artifactAddress({ project, type, collection, version })}>{version}</Link>,
  },
  { id: 'aliases', title: 'Aliases', width: 200, cell: ({ aliases }) => aliases.join(', ') },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ size }) => formatBytes(size) },
  { id: 'at', title: 'Made', width: 110, cell: ({ createdAt }) => <Time at={createdAt} /> },
];

function Files({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const query = useQuery(artifactFilesQuery(id));
  return (
    <Loaded query={query} what="its files">
      {({ items, total }) => (
        <>
          <Table
            label={`Files of ${name}`}
            columns={fileColumns(id)}
            rows={items.map((file) => ({ ...file, id: file.path }))}
            height={`${Math.min(480, 32 + 28 * items.length)}px`}
          />
          {total > items.length && (
            <p>
              The first {items.length} of {total} files: the wandb client downloads all of them.
            </p>
          )}
        </>
      )}
    </Loaded>
  );
}

interface FileRow {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly ref: string | null;
}

const fileColumns = (artifact: string): readonly Column<FileRow>[] => [
  { id: 'path', title: 'Path', width: 190, cell: ({ path }) => <span title={path}>{path}</span> },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ size }) => <span title={`${size} B`}>{formatBytes(size)}</span> },
  {
    id: 'take',
    title: 'Take',
    width: 130,
    cell: ({ path, ref }) =>
      ref === null ? (
        <a href={downloadAddress({ of: 'artifact', id: artifact }, path)} download>
          Download
        </a>
      ) : (
        <span title={ref}>{ref}</span>
      ),
  },
];
