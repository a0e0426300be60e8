/**
 * `early_terminate`: which rule stops trials, and with which options.
 *
 * W&B's `hyperband` is checked as W&B does: any mistake is one warning and the sweep runs without. The options of the other types are
 * declared by the pruners themselves; a mistake there is an error. Whether the options fit together only the pruner knows: it is built once.
 */
import type { Goal, SweepSpec } from '@sweep/domain';
import { OptionError, type PrunerDefinition, type PrunerOption, type PrunerOptions, pruners } from '@sweep/optimizer';
import { describeNode } from './describe-node.js';
import { suggestion } from './did-you-mean.js';
import { readExtension, refuseKey } from './extensions/block.js';
import type { Report } from './findings.js';
import { numberOf } from './numbers.js';
import { no, type Read, type Reader, text, truth, yes } from './readers.js';
import type { Entry, MapNode, Node, Place } from './yaml-dialect/tree.js';

const path = ['early_terminate'] as const;

export function readEarlyTerminate(file: MapNode, goal: Goal, report: Report): SweepSpec['earlyTerminate'] {
  const entry = file.entries.get('early_terminate');
  if (entry === undefined) return null;
  const { value } = entry;
  if (value.kind !== 'map') {
    return runsWithout(value.at, `\`early_terminate\` must be a mapping with \`type\`, not ${describeNode(value)}`, report);
  }
  const type = value.entries.get('type');
  if (type === undefined)
    return runsWithout(entry.keyAt, '`early_terminate` needs `type`', report, `one of ${[...pruners.keys()].join(', ')}`);
  const name = type.value.kind === 'scalar' ? type.value.source : '';
  const definition = pruners.get(name);
  if (definition === undefined) {
    return runsWithout(
      type.value.at,
      `there is no early termination of type ${describeNode(type.value)}`,
      report,
      suggestion(name, [...pruners.keys()]),
    );
  }
  return name === 'hyperband' ? readHyperband(value, definition, goal, report) : readOwn(value, definition, goal, report);
}

function readHyperband(block: MapNode, definition: PrunerDefinition, goal: Goal, report: Report): SweepSpec['earlyTerminate'] {
  const options: { [name: string]: number | boolean | string } = {};
  for (const entry of block.entries.values()) {
    if (entry.source === 'type') continue;
    const option = definition.options.find((each) => each.name === entry.source);
    if (option === undefined) {
      const known = definition.options.map((each) => each.name);
      return runsWithout(entry.keyAt, `hyperband has no option \`${entry.source}\``, report, suggestion(entry.source, known));
    }
    const read = readerOf(option, plainNumber)(entry.value);
    if (!read.ok)
      return runsWithout(entry.value.at, `\`${entry.source}\` must be ${read.expected}, not ${describeNode(entry.value)}`, report);
    options[option.name] = read.value;
  }
  const fault = build(definition, options, goal);
  if (fault === null) return { type: 'hyperband', options };
  return runsWithout(block.entries.get(fault.option)?.value.at ?? block.at, fault.message, report);
}

function readOwn(block: MapNode, definition: PrunerDefinition, goal: Goal, report: Report): SweepSpec['earlyTerminate'] {
  const options: { [name: string]: number | boolean | string } = {};
  let complete = true;
  for (const entry of block.entries.values()) {
    if (entry.source === 'type') continue;
    const value = readOption(entry, definition, report);
    if (value === undefined) complete = false;
    else options[entry.source] = value;
  }
  if (!complete) return null;
  const fault = build(definition, options, goal);
  if (fault === null) return { type: definition.name, options };
  const at = block.entries.get(fault.option)?.value.at ?? block.entries.get('type')?.value.at ?? block.at;
  report.add({ code: 'E-EXT-VALUE', at, path: [...path, fault.option], message: fault.message });
  return null;
}

function readOption(entry: Entry, definition: PrunerDefinition, report: Report): number | boolean | string | undefined {
  const option = definition.options.find((each) => each.name === entry.source);
  if (option !== undefined) return readExtension(entry, [...path, entry.source], readerOf(option, anyNumber), report);
  refuseKey(
    entry,
    path,
    definition.options.map((each) => each.name),
    report,
  );
  return undefined;
}

function build(definition: PrunerDefinition, options: PrunerOptions, goal: Goal): OptionError | null {
  try {
    definition.create(options, goal);
    return null;
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
}

type NumberOf = (node: Node) => number | null;

/** In extensions text such as `1e-3` is a number; in W&B's own block it is not. */
const anyNumber: NumberOf = (node) => numberOf(node)?.value ?? null;
const plainNumber: NumberOf = (node) => {
  const read = numberOf(node);
  return read === null || read.fromText ? null : read.value;
};

function readerOf(option: PrunerOption, numberIn: NumberOf): Reader<number | boolean | string> {
  if (option.type === 'boolean') return truth;
  if (option.type === 'text') return text;
  return (node) => readNumber(node, option, numberIn);
}

function readNumber(node: Node, option: PrunerOption, numberIn: NumberOf): Read<number> {
  const value = numberIn(node);
  const { minimum = Number.NEGATIVE_INFINITY, exclusiveMinimum = Number.NEGATIVE_INFINITY } = option;
  const fits = value !== null && Number.isFinite(value) && value >= minimum && value > exclusiveMinimum;
  if (fits && (option.type === 'number' || Number.isInteger(value))) return yes(value);
  const limit =
    option.minimum !== undefined ? ` of at least ${minimum}` : option.exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : '';
  return no(`a ${option.type === 'integer' ? 'whole ' : ''}number${limit}`);
}

function runsWithout(at: Place, message: string, report: Report, hint?: string): null {
  report.add({ code: 'E-ET', at, path, message: `${message}; the sweep runs without early termination`, hint });
  return null;
}
