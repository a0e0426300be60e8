/** Pages of runs, of a project or of a sweep. */
import type { Project, RunFilter } from '@sweep/store';
import { parseRunOrder } from '@sweep/wandb';
import { connectionOf, placeOf, type Slice } from '../connection.js';
import type { WandbParts } from '../parts.js';

const usualPage = 50;

interface Wanted {
  readonly filter: RunFilter;
  readonly order?: string | null | undefined;
  readonly slice: Slice;
}

export async function runConnection(parts: WandbParts, project: Project, { filter, order, slice }: Wanted) {
  const place = placeOf(slice, usualPage);
  const { items, total } = await parts.store.runs.query({ project: project.id, filter, orders: parseRunOrder(order) }, place);
  return connectionOf(
    items.map((record) => parts.nodes.run(record, project)),
    place.start,
    total,
  );
}
