/** The commands that W&B agents understand, as the JSON that the heartbeat's answer carries. */
import { wrapConfig } from '../documents/config.js';
import { writeMembers } from '../json/raw.js';

export interface RunCommand {
  readonly run: string;
  /** Null where the sweep names none: such agents call a function. */
  readonly program: string | null;
  /** Parameter to JSON text; nested parameters are nested dicts. */
  readonly params: Iterable<readonly [name: string, text: string]>;
}

export const noCommands = '[]';

export function runCommands({ run, program, params }: RunCommand): string {
  const members: [string, string][] = [
    ['type', '"run"'],
    ['run_id', JSON.stringify(run)],
  ];
  if (program !== null) members.push(['program', JSON.stringify(program)]);
  members.push(['args', wrapConfig(params)]);
  return `[${writeMembers(members)}]`;
}

export const stopCommands = (run: string): string => JSON.stringify([{ type: 'stop', run_id: run }]);
export const exitCommands = JSON.stringify([{ type: 'exit' }]);
