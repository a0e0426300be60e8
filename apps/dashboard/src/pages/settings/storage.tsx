/** How much room everything takes. */
import type { StorageView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { storageQuery } from '../../data/queries.js';
import { formatBytes } from '../../ui/format.js';
import { Loaded } from '../../ui/panels.js';
import { type Column, Table } from '../../ui/table.js';

interface Part {
  readonly id: string;
  readonly bytes: number;
}

export function Storage() {
  const storage = useQuery(storageQuery());
  return (
    <Loaded query={storage} what="storage">
      {(used) => (
        <section className="stack-small">
          <p>
            {used.databaseBytes === null ? '' : `The database takes ${formatBytes(used.databaseBytes)}. `}
            {used.blobs === 1 ? '1 uploaded file takes' : `${used.blobs.toLocaleString('en-US')} uploaded files take`}{' '}
            {formatBytes(used.blobBytes)}, each content once.
          </p>
          {used.parts.length === 0 ? null : <Table label="Room in the database" columns={columns} rows={partsOf(used)} />}
        </section>
      )}
    </Loaded>
  );
}

const partsOf = ({ parts }: StorageView): readonly Part[] => parts.map(({ name, bytes }) => ({ id: name, bytes }));

const columns: readonly Column<Part>[] = [
  { id: 'name', title: 'What', width: 220, cell: ({ id }) => id },
  {
    id: 'bytes',
    title: 'Room',
    width: 110,
    numeric: true,
    cell: ({ bytes }) => <span title={`${bytes} bytes`}>{formatBytes(bytes)}</span>,
  },
];
