/** What the listing commands share: `--state`, `--where`, `--sort` and a limit that counts what is shown. */
import type { Command } from 'commander';
import { type Names, parseSort, parseWhere } from './where.js';

export interface ListOptions {
  readonly state?: readonly string[];
  readonly where?: string;
  readonly sort?: string;
  readonly limit?: number;
}

export function addListOptions(command: Command): Command {
  return command
    .option('--state <states>', 'only in these states, separated by commas', (text) => text.split(',').filter((state) => state !== ''))
    .option('--where <expression>', "only those for which it holds, e.g. 'params.lr < 0.01 and metrics.loss < 0.3'")
    .option('--sort <name>', 'by this name; -name for largest first');
}

/** Reads no further than needed: a limit reaches the source only when nothing is filtered or sorted here. */
export async function gather<T>(
  read: (most: number | undefined) => AsyncIterable<T>,
  options: Omit<ListOptions, 'state'>,
  names: Names<T>,
): Promise<T[]> {
  const keep = options.where === undefined ? undefined : parseWhere(options.where, names);
  const order = options.sort === undefined ? undefined : parseSort(options.sort, names);
  const here = keep !== undefined || order !== undefined;
  const items: T[] = [];
  for await (const item of read(here ? undefined : options.limit)) {
    if (keep === undefined || keep(item)) items.push(item);
  }
  if (order !== undefined) items.sort(order);
  return items.slice(0, options.limit);
}
