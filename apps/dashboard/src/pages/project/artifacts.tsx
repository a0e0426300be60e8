/** Artifacts of a project: one row for all versions of a name. */
import type { ArtifactCollectionView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { projectArtifactsQuery } from '../../data/run-queries.js';
import { artifactAddress } from '../../shell/addresses.js';
import { formatBytes } from '../../ui/format.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';
import { Missing, Time } from '../../ui/value.js';

export default function Artifacts({ project }: { readonly project: string }): ReactNode {
  const query = useQuery(projectArtifactsQuery(project));
  return (
    <Loaded query={query} what={`artifacts of ${project}`}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={`No artifacts in ${project}`}>
            <code>run.log_artifact(…)</code> makes one.
          </Empty>
        ) : (
          <>
            <p className="answer">{answerOf(items)}</p>
            <Table
              label={`Artifacts of ${project}`}
              columns={columnsOf(project)}
              rows={items}
              {...(items.length > 20 ? { height: 'max(320px, calc(100dvh - 260px))' } : {})}
            />
          </>
        )
      }
    </Loaded>
  );
}

function answerOf(items: readonly ArtifactCollectionView[]): string {
  const versions = items.reduce((sum, item) => sum + item.versions, 0);
  const names = items.length === 1 ? '1 artifact' : `${items.length} artifacts`;
  return `${names}, ${versions === 1 ? '1 version' : `${versions} versions`}.`;
}

const columnsOf = (project: string): readonly Column<ArtifactCollectionView>[] => [
  {
    id: 'name',
    title: 'Artifact',
    width: 260,
    cell: ({ name, type, newest }) =>
      newest === null ? name : <Link to={artifactAddress({ project, type, collection: name, version: newest.version })}>{name}</Link>,
  },
  { id: 'type', title: 'Type', width: 120, cell: ({ type }) => type },
  { id: 'versions', title: 'Versions', width: 80, numeric: true, cell: ({ versions }) => versions },
  { id: 'newest', title: 'Newest', width: 80, cell: ({ newest }) => newest?.version ?? <Missing /> },
  { id: 'aliases', title: 'Aliases', width: 150, cell: ({ newest }) => newest?.aliases.join(', ') ?? '' },
  { id: 'size', title: 'Size', width: 90, numeric: true, cell: ({ newest }) => (newest === null ? <Missing /> : formatBytes(newest.size)) },
  { id: 'at', title: 'Made', width: 110, cell: ({ newest }) => <Time at={newest?.createdAt ?? null} /> },
];
