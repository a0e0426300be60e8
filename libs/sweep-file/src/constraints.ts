/** `constraints` and `zip`: which combinations of values are proposed. The grammar of a constraint is the optimizer's. */
import type { Method } from '@sweep/domain';
import { type Constraint, gridSize, parseConstraint, type SearchSpace, SpaceError, samplers } from '@sweep/optimizer';
import { describeNode } from './describe-node.js';
import { suggestion } from './did-you-mean.js';
import type { Report } from './findings.js';
import type { Draft, Names } from './parameters/names.js';
import type { Entry, ListNode, Node, Place, ScalarNode } from './yaml-dialect/tree.js';

/** Combinations looked at before a grid under constraints counts as one that has points. */
const emptyGridLimit = 100_000;

export function readConstraints(entry: Entry | undefined, names: Names, text: string, report: Report): readonly Constraint[] {
  if (entry === undefined) return [];
  const list = listIn(entry, 'a list of expressions such as `layers * width <= 4096`', report);
  return (list?.items ?? []).flatMap((item, index) => {
    const path = ['constraints', index];
    if (item.kind !== 'scalar') {
      report.add({ code: 'E-CONSTRAINT', at: item.at, path, message: `a constraint must be an expression, not ${describeNode(item)}` });
      return [];
    }
    const parsed = parseConstraint(item.source, (name) => names.find(name)?.key);
    if (parsed.ok) return [{ text: item.source, expression: parsed.expression }];
    const word = item.source.slice(parsed.offset, parsed.offset + parsed.length);
    const hint = /^[A-Za-z_`]/.test(word) ? suggestion(word.replaceAll('`', ''), names.all) : undefined;
    report.add({ code: 'E-CONSTRAINT', at: within(item, parsed, text), path, message: parsed.message, hint });
    return [];
  });
}

/** The offending token inside the scalar, if the text of the file shows the expression as it is. */
function within(item: ScalarNode, { offset, length }: Place, text: string): Place {
  for (const quote of [0, 1]) {
    const start = item.at.offset + quote;
    if (text.slice(start, start + item.source.length) !== item.source) continue;
    // At the very end of the expression the last character is shown.
    const from = Math.min(offset, Math.max(0, item.source.length - 1));
    return { offset: start + from, length: Math.max(1, Math.min(length, item.source.length - from)) };
  }
  return item.at;
}

export function readZip(entry: Entry | undefined, method: Method | null, names: Names, report: Report): readonly (readonly string[])[] {
  if (entry === undefined) return [];
  if (method !== null && method !== 'grid') {
    const message = `\`zip\` goes with \`method: grid\`, not with ${method}`;
    report.add({ code: 'E-ZIP', at: entry.keyAt, path: ['zip'], message });
  }
  const list = listIn(entry, 'a list of groups such as `[[depth, width]]`', report);
  const taken = new Set<string>();
  return (list?.items ?? []).map((group, index) => readGroup(group, { path: ['zip', index], taken }, names, report));
}

interface Group {
  readonly path: readonly (string | number)[];
  /** Keys of the parameters that earlier groups hold. */
  readonly taken: Set<string>;
}

function readGroup(node: Node, { path, taken }: Group, names: Names, report: Report): readonly string[] {
  const refuse = (at: Place, message: string, hint?: string): void => report.add({ code: 'E-ZIP', at, path, message, hint });
  if (node.kind !== 'list' || node.items.length < 2) {
    refuse(node.at, 'a group of `zip` is a list of at least two parameters', 'for one group write `zip: [[depth, width]]`');
    return [];
  }
  const members: Draft[] = [];
  for (const item of node.items) {
    const name = item.kind === 'scalar' ? item.source : '';
    const draft = names.find(name);
    if (draft === undefined) refuse(item.at, `\`zip\` names ${describeNode(item)}, which is no parameter`, suggestion(name, names.all));
    else if (taken.has(draft.key)) refuse(item.at, `\`${name}\` is in \`zip\` twice`);
    else members.push(draft);
    if (draft !== undefined) taken.add(draft.key);
  }
  compareLengths(members, node, refuse);
  return members.map((draft) => draft.key);
}

function compareLengths(members: readonly Draft[], node: ListNode, refuse: (at: Place, message: string) => void): void {
  const lengths = members.map((draft) => gridValues(draft));
  if (lengths.some((length) => length === null) || new Set(lengths).size <= 1) return;
  const counts = members.map((draft, index) => `\`${draft.path.join('.')}\` has ${lengths[index]}`);
  refuse(node.at, `the parameters of a group need equally many values: ${counts.join(', ')}`);
}

/** How many values a grid tries for the parameter, repeats included; null when a grid cannot enumerate it. */
function gridValues({ domain, key, path }: Draft): number | null {
  if (domain.kind === 'categorical') return domain.values.length;
  return gridSize({ parameters: [{ path, key, domain, when: [] }], constraints: [], zip: [] });
}

function listIn(entry: Entry, expected: string, report: Report): ListNode | undefined {
  if (entry.value.kind === 'list') return entry.value;
  const message = `\`${entry.source}\` must be ${expected}, not ${describeNode(entry.value)}`;
  report.add({ code: 'E-EXT-VALUE', at: entry.value.at, path: [entry.source], message });
  return undefined;
}

/** Constraints that nothing satisfies are refused now rather than by a sweep that never proposes. */
export function refuseEmpty(entry: Entry | undefined, method: Method, space: SearchSpace, report: Report): void {
  if (entry === undefined || space.constraints.length === 0) return;
  const message = emptiness(method, space);
  if (message !== null) report.add({ code: 'E-CONSTRAINT', at: entry.value.at, path: ['constraints'], message });
}

function emptiness(method: Method, space: SearchSpace): string | null {
  try {
    const points = gridSize(space, emptyGridLimit);
    if (points === 0) return 'no point of the space satisfies the constraints';
    if (points === null && method !== 'grid') samplers.get('random')?.create(space, { seed: 0n, goals: ['minimize'] });
    return null;
  } catch (error) {
    // A space that the search itself would refuse; its message says why.
    if (error instanceof SpaceError) return error.message;
    throw error;
  }
}
