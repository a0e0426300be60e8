/** `command` and `program` of the file: what an agent will start, and what is wrong with it. */

import { describeNode } from '../describe-node.js';
import { suggestion } from '../did-you-mean.js';
import type { Report } from '../findings.js';
import { topOf } from '../method.js';
import type { Names } from '../parameters/names.js';
import { pythonStr } from '../python-text.js';
import { type Entry, type MapNode, type Node, toValue } from '../yaml-dialect/tree.js';
import { defaultCommand, macroName, macros, namesWithin, programTokens, withoutEnvironment } from './macros.js';

export function readCommand(file: MapNode, program: string | null, names: Names, report: Report): readonly string[] {
  noteModule(file.entries.get('program'), program, report);
  const entry = file.entries.get('command');
  if (entry?.value.kind === 'list') {
    return entry.value.items.map((item, index) => readElement(item, { program, names, path: ['command', index] }, report));
  }
  if (entry !== undefined) {
    const message = `\`command\` must be a list, not ${describeNode(entry.value)}; the default command is used`;
    const hint = `one element for each argument, for example [${defaultCommand.map((token) => `"${token}"`).join(', ')}]`;
    report.add({ code: 'E-COMMAND', at: entry.value.at, path: ['command'], message, hint });
  }
  if (program === null && entry === undefined) {
    report.add({
      code: 'N-PROGRAM',
      at: topOf(file),
      path: ['program'],
      message: 'neither `program` nor `command` is given: an agent has nothing to start',
      hint: 'add `program: train.py`, or run the trials from your own code with ask and tell',
    });
  }
  return defaultCommand;
}

interface Place {
  readonly program: string | null;
  readonly names: Names;
  readonly path: readonly (string | number)[];
}

function readElement(item: Node, { program, names, path }: Place, report: Report): string {
  const token = pythonStr(toValue(item));
  const name = macroName(withoutEnvironment(token));
  if (name === 'program' && program === null) {
    const message = 'the command uses ${program}, and `program` is not set';
    report.add({ code: 'E-PROGRAM', at: item.at, path, message, hint: 'add `program: train.py`, or write the program into the command' });
  }
  const mentioned = name === null || !isMacroOf(names, name) ? namesWithin(token).filter((each) => names.find(each) !== undefined) : [name];
  if (name !== null && !macros.has(name) && mentioned.length === 0) {
    const message = `there is no macro \${${name}}`;
    const hint = name.startsWith('envvar:') ? 'names of variables are of A-Z, 0-9 and _' : suggestion(name, [...macros.keys()]);
    report.add({ code: 'E-MACRO', at: item.at, path, message, hint });
  }
  if (mentioned.length > 0) {
    const message = `${mentioned.map((each) => `\${${each}}`).join(', ')} is expanded to the parameter's value`;
    report.add({
      code: 'N-MACRO',
      at: item.at,
      path,
      message,
      hint: "W&B's agent passes it as it is; there only ${args} and its kin carry values",
    });
  }
  return token;
}

function isMacroOf(names: Names, name: string): boolean {
  return !macros.has(name) && names.find(name) !== undefined;
}

function noteModule(entry: Entry | undefined, program: string | null, report: Report): void {
  const tokens = program === null ? [] : programTokens(program);
  if (entry === undefined || tokens.length < 2) return;
  const message = `\`${program}\` is passed as two arguments, ${tokens.map((token) => `\`${token}\``).join(' and ')}`;
  report.add({
    code: 'N-MODULE',
    at: entry.value.at,
    path: ['program'],
    message,
    hint: "W&B's agent passes it as one, which starts no program",
  });
}
