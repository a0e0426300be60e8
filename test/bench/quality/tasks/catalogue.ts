/** All tasks by name, and how a command line names some of them. */
import { functionTasks } from './function-task.js';
import { hasTable, readTable, tableNames, tableTask } from './table.js';
import { blocks, once, type Task } from './task.js';

export interface Catalogue {
  readonly tasks: ReadonlyMap<string, () => Task>;
  /** Tables that are not on this machine. */
  readonly absent: readonly string[];
}

/** @param tables the folder of the tables of block T */
export function catalogue(tables: string): Catalogue {
  const present = tableNames.filter((name) => hasTable(tables, name));
  const read = present.map((name) => [name, once(() => tableTask(name, readTable(tables, name)))] as const);
  const made = functionTasks().map((task) => [task.name, () => task] as const);
  return { tasks: new Map([...read, ...made]), absent: tableNames.filter((name) => !present.includes(name)) };
}

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
