/** Configurations side by side: one row a name, what differs first. */
import { flattened } from '../../charts/maths/parallel-columns.js';

export interface DiffRow {
  readonly id: string;
  /** One a run; undefined where it has none. */
  readonly values: readonly unknown[];
  readonly differs: boolean;
}

export function configDiff(configs: readonly Readonly<Record<string, unknown>>[]): readonly DiffRow[] {
  const flat = configs.map((config) => flattened(config));
  const names = [...new Set(flat.flatMap((config) => [...config.keys()]))];
  return names
    .map((id) => {
      const values = flat.map((config) => config.get(id));
      return { id, values, differs: new Set(values.map((value) => JSON.stringify(value))).size > 1 };
    })
    .sort((a, b) => Number(b.differs) - Number(a.differs) || a.id.localeCompare(b.id, 'en', { numeric: true }));
}
