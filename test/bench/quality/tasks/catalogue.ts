/** All tasks by name, and how a command line names some of them. */
import { boostingGrid, mlpGrid } from '../curves/spaces.js';
import { type CurveTask, hasCurves, readCurves } from './curve-task.js';
import { failingTable, heavyTail } from './failing.js';
import { functionTasks } from './function-task.js';
import { mixedTasks } from './mixed.js';
import { hasTable, readTable, tableNames, tableTask } from './table.js';
import { blocks, once, type Task } from './task.js';

export interface Catalogue {
  readonly tasks: ReadonlyMap<string, () => Task | CurveTask>;
  /** Tables that are not on this machine. */
  readonly absent: readonly string[];
}

export interface Folders {
  /** Of the tables of block T. */
  readonly tables: string;
  /** Of the curves of block L. */
  readonly curves: string;
}

export function catalogue({ tables, curves }: Folders): Catalogue {
  const read = tableNames.filter((name) => hasTable(tables, name)).map((name) => [name, once(() => readTable(tables, name))] as const);
  const stored = read.map(([name, table]) => [name, once(() => tableTask(name, table()))] as const);
  const naval = read.flatMap(([name, table]) => (name === failing.of ? [[failing.name, once(() => failingTable(table()))] as const] : []));
  const made = [...functionTasks(), ...mixedTasks(), heavyTail()].map((task) => [task.name, () => task] as const);
  const trained = grids.filter((grid) => hasCurves(curves, grid)).map((grid) => [grid.name, once(() => readCurves(curves, grid))] as const);
  const tasks = new Map<string, () => Task | CurveTask>([...stored, ...made, ...naval, ...trained]);
  return { tasks, absent: [...tableNames, failing.name, ...grids.map(({ name }) => name)].filter((name) => !tasks.has(name)) };
}

const grids = [mlpGrid, boostingGrid];
const failing = { name: 'F_naval', of: 'HPOLib_naval_propulsion' };

/** A block, a task, or the beginning of tasks' names. */
export class UnknownTask extends Error {
  override readonly name = 'UnknownTask';
}

/** @throws UnknownTask */
export function chosenTasks({ tasks, absent }: Catalogue, words: readonly string[]): readonly string[] {
  const chosen = words.flatMap((word) => {
    if (tasks.has(word)) return [word];
    const matching = [...tasks.keys()].filter((name) => blockOf(name) === word);
    const found = matching.length > 0 ? matching : [...tasks.keys()].filter((name) => name.startsWith(word));
    const known = found.length > 0 || word === 'T' || absent.some((name) => name.startsWith(word));
    if (!known) throw new UnknownTask(`no task or block ${JSON.stringify(word)}; there are: ${[...blocks, ...tasks.keys()].join(', ')}`);
    return found;
  });
  return [...new Set(chosen)];
}

/** Names begin with their block, save those of the tables. */
export function blockOf(name: string): string {
  return /^([A-Z])_/.exec(name)?.[1] ?? 'T';
}
