/** Pages of runs, of a project or of a sweep. */
import type { Project, RunFilter } from '@sweep/store';
import { parseRunOrder } from '@sweep/wandb';
import { connectionOf, placeOf, type Slice } from '../connection.js';
import type { WandbParts } from '../parts.js';

const usualPage = 50;

const foreseen = { op: 'eq', field: { kind: 'column', column: 'foreseen' }, value: true } as const;

/** To clients there is a run once it was handed out. */
export const shown = (filter: RunFilter): RunFilter => ({ op: 'and', of: [filter, { op: 'not', of: foreseen }] });

interface Wanted {
  readonly filter: RunFilter;
  readonly order?: string | null | undefined;
  readonly slice: Slice;
}

export async function runConnection(parts: WandbParts, project: Project, { filter, order, slice }: Wanted) {
  const place = placeOf(slice, usualPage);
  const { items, total } = await parts.store.runs.query(
    { project: project.id, filter: shown(filter), orders: parseRunOrder(order) },
    place,
  );
  return connectionOf(
    items.map((record) => parts.nodes.run(record, project)),
    place.start,
    total,
  );
}
