/** Every execution of the trial behind this run. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { agentsQuery } from '../../data/queries.js';
import { type Column, Table } from '../../ui/table.js';
import { Duration, Time } from '../../ui/value.js';
import type { RunPart } from './run-part.js';

type Attempt = RunPart['run']['attempts'][number] & { readonly id: string };

const took = ({ startedAt, endedAt }: Attempt): number | null => (endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt));

/** @param agents their names by id; of one that was removed the id is left */
const columnsFor = (agents: ReadonlyMap<string, string>): readonly Column<Attempt>[] => [
  { id: 'number', title: 'Try', width: 56, numeric: true, cell: ({ number }) => number },
  {
    id: 'agent',
    title: 'Agent',
    width: 190,
    cell: ({ agent, slot }) => <span title={agent}>{`${agents.get(agent) ?? agent}, slot ${slot}`}</span>,
  },
  { id: 'began', title: 'Began', width: 120, cell: ({ startedAt }) => <Time at={startedAt} /> },
  { id: 'took', title: 'Took', width: 100, numeric: true, cell: (attempt) => <Duration ms={took(attempt)} /> },
  { id: 'end', title: 'End', width: 130, cell: endOf },
  { id: 'counted', title: 'Counts', width: 80, cell: ({ counted }) => (counted ? 'yes' : 'no') },
  { id: 'detail', title: 'Detail', width: 360, cell: ({ detail }) => <span title={detail ?? ''}>{detail ?? ''}</span> },
];

function endOf({ exitCode, signal, endedAt }: Attempt): string {
  if (signal !== null) return signal;
  if (exitCode !== null) return `exit code ${exitCode}`;
  return endedAt === null ? 'runs' : 'lost';
}

export default function AttemptsTab({ run }: RunPart): ReactNode {
  const agents = useQuery(agentsQuery());
  const columns = useMemo(() => columnsFor(new Map((agents.data?.items ?? []).map(({ id, name }) => [id, name]))), [agents.data]);
  return <Table label="Attempts" columns={columns} rows={run.attempts.map((attempt) => ({ ...attempt, id: String(attempt.number) }))} />;
}
