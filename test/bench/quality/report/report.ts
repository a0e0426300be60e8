/** The whole report: the measured methods among the peers, the differences, the gates. */
import { blockOf, type Catalogue } from '../tasks/catalogue.js';
import { exactFunctions } from '../tasks/function-task.js';
import { tableNames } from '../tasks/table.js';
import { blocks } from '../tasks/task.js';
import type { Trace } from '../trace.js';
import { gates, gateTable } from './gates.js';
import { type Cell, cellsOf } from './scores.js';
import { type BlockView, blockTable, differenceTable, regretTable, taskTable } from './tables.js';

export interface ReportPlan {
  /** Those of what is judged: differences and gates are theirs. */
  readonly measured: readonly Trace[];
  readonly peers: readonly Trace[];
  readonly at: number;
  readonly perTask: boolean;
}

export function report(catalogue: Catalogue, { measured, peers, at, perTask }: ReportPlan): readonly string[] {
  const own = new Set(measured.map(({ m }) => m));
  const cellOf = ({ m, k, t }: Trace): string => JSON.stringify([m, k, t]);
  // What was recorded of a method under the same name earlier would mix with what is judged now.
  const replaced = new Set(measured.map(cellOf));
  const cells = cellsOf([...measured, ...peers.filter((trace) => !replaced.has(cellOf(trace)))], catalogue.tasks);
  const mine = cells.filter(({ method }) => own.has(method));
  const lines = [...new Set(cells.map(({ workers }) => workers))]
    .sort((a, b) => a - b)
    .flatMap((workers) => viewsOf(catalogue, workers, at).flatMap((view) => blockReport(cells, mine, view, perTask)));
  const absent = catalogue.absent.map((name) => `skipped: ${name} (its table is not on this machine)`);
  return [...absent, ...lines, ...regretTable(cells, exactFunctions), ...[...own].flatMap((name) => gatesOf(name, cells))];
}

function viewsOf({ tasks }: Catalogue, workers: number, at: number): readonly BlockView[] {
  return blocks
    .map((block) => ({ block, tasks: [...tasks.keys()].filter((name) => blockOf(name) === block), workers, at }))
    .filter((view) => view.tasks.length > 0);
}

function blockReport(cells: readonly Cell[], mine: readonly Cell[], view: BlockView, perTask: boolean): readonly string[] {
  const differences = mine.filter(({ workers }) => workers === view.workers).flatMap((cell) => differenceTable(cell, cells, view));
  return [...blockTable(cells, view), ...differences, ...(perTask ? taskTable(cells, view) : [])];
}

function gatesOf(name: string, cells: readonly Cell[]): readonly string[] {
  const having = (workers: number): Cell | undefined => cells.find((cell) => cell.method === name && cell.workers === workers);
  const field = { ours: { one: having(1), eight: having(8) }, peers: cells, tables: tableNames, functions: exactFunctions };
  return gateTable(name, gates(field));
}
