/** All tasks by name, and how a command line names some of them. */
import { failingTable, heavyTail } from './failing.js';
import { functionTasks } from './function-task.js';
import { mixedTasks } from './mixed.js';
import { hasTable, readTable, tableNames, tableTask } from './table.js';
import { blocks, once, type Task } from './task.js';

export interface Catalogue {
  readonly tasks: ReadonlyMap<string, () => Task>;
  /** Tables that are not on this machine. */
  readonly absent: readonly string[];
}

/** @param tables the folder of the tables of block T */
export function catalogue(tables: string): Catalogue {
  const read = tableNames.filter((name) => hasTable(tables, name)).map((name) => [name, once(() => readTable(tables, name))] as const);
  const made = [...functionTasks(), ...mixedTasks(), heavyTail()].map((task) => [task.name, () => task] as const);
  const stored = read.flatMap(([name, table]) => {
    const plain = [name, once(() => tableTask(name, table()))] as const;
    return name === failing.of ? [plain, [failing.name, once(() => failingTable(table()))] as const] : [plain];
  });
  const tasks = new Map([...stored, ...made]);
  return { tasks, absent: [...tableNames, failing.name].filter((name) => !tasks.has(name)) };
}

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
