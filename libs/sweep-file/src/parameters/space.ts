/**
 * `parameters` of the file -> the parameters of the space, in W&B's order.
 *
 * Owns names, nesting and order. A single parameter's shape is leaf's; `when` and `prior` are their own files'.
 */
import type { Method } from '@sweep/domain';
import type { Domain, Parameter } from '@sweep/optimizer';
import { describeNode } from '../describe-node.js';
import { editDistance, suggestion } from '../did-you-mean.js';
import type { Report } from '../findings.js';
import type { Entry, MapNode } from '../yaml-dialect/tree.js';
import { conditionsOf, cyclicKeys, type Relations } from './conditions.js';
import { type LeafSource, parameterExtensions, readLeaf } from './leaf.js';
import { type Draft, Names } from './names.js';
import { priorOf } from './prior.js';

/** W&B's rule for names; dots and hyphens are ordinary characters. */
const nameForm = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

export function readParameters(entry: Entry, method: Method | null, report: Report): { parameters: readonly Parameter[]; names: Names } {
  const drafts: Draft[] = [];
  const root = entry.value;
  if (root.kind !== 'map') {
    const message = `\`parameters\` must be a mapping of name to parameter, not ${describeNode(root)}`;
    report.add({ code: 'E-PARAMS-MISSING', at: root.at, path: ['parameters'], message });
    return { parameters: [], names: new Names([]) };
  }
  if (root.entries.size === 0) {
    report.add({ code: 'E-PARAMS-EMPTY', at: root.at, path: ['parameters'], message: '`parameters` must name at least one parameter' });
  }
  collect({ node: root, names: [], path: ['parameters'], when: [] }, method, { drafts, report });
  const names = new Names(drafts);
  const relations = { names, cycles: cyclicKeys(drafts, names) };
  return { parameters: drafts.map((draft) => finish(draft, relations, report)), names };
}

function finish(draft: Draft, relations: Relations, report: Report): Parameter {
  const when = draft.when.flatMap((each) => conditionsOf(each, draft, relations, report));
  const prior = draft.prior === undefined ? undefined : priorOf(draft.prior, draft, report);
  const { path, key, domain } = draft;
  return prior === undefined ? { path, key, domain, when } : { path, key, domain, when, prior };
}

interface Level {
  readonly node: MapNode;
  /** Names from the top down to this level. */
  readonly names: readonly string[];
  readonly path: readonly string[];
  /** Conditions of the groups around it. */
  readonly when: Draft['when'];
}

interface Gathering {
  readonly drafts: Draft[];
  readonly report: Report;
}

function collect(level: Level, method: Method | null, gathering: Gathering): void {
  const { report } = gathering;
  const sorted = [...level.node.entries.values()].sort((a, b) => compareText(a.name, b.name));
  for (const entry of sorted) {
    const path = [...level.path, entry.name];
    if (!nameForm.test(entry.name)) {
      const message = `the parameter name \`${entry.name}\` breaks the rule for names`;
      const hint = 'begin with a letter or underscore and go on with letters, digits, underscores, dots or hyphens';
      report.add({ code: 'E-PARAM-NAME', at: entry.keyAt, path, message, hint });
    }
    if (entry.value.kind === 'map') readOne(level, { node: entry.value, entry, path, nested: level.names.length > 0 }, method, gathering);
    else refuseScalar(level, entry, path, report);
  }
}

function refuseScalar(level: Level, entry: Entry, path: readonly string[], report: Report): void {
  const code = level.names.length === 0 ? 'E-PARAM-NOTMAP' : 'E-PARAM-SHAPE';
  const message = `the parameter \`${entry.name}\` must be a mapping, not ${describeNode(entry.value)}`;
  report.add({ code, at: entry.value.at, path, message, hint: 'for a fixed value write `value:`, for a choice `values:`' });
}

function readOne(level: Level, source: LeafSource, method: Method | null, gathering: Gathering): void {
  const { node, entry, path } = source;
  if (refuseMisspelt(source, gathering.report)) return;
  const own = node.entries.get('when');
  const when = own === undefined ? level.when : [...level.when, { entry: own, path: [...path, 'when'] }];
  const names = [...level.names, entry.name];
  const group = node.entries.get('parameters');
  if (group !== undefined) {
    readGroup(source, group, (members) => collect({ ...members, names, when }, method, gathering), gathering);
    return;
  }
  const leaf = readLeaf(source, gathering.report);
  if (leaf === null) return;
  if (method === 'grid') checkGrid(source, leaf.domain, leaf.distribution, gathering.report);
  gathering.drafts.push({ path: names, key: JSON.stringify(names), domain: leaf.domain, source, when, prior: node.entries.get('prior') });
}

function readGroup(source: LeafSource, group: Entry, enter: (members: Omit<Level, 'names' | 'when'>) => void, gathering: Gathering): void {
  const { node, entry, path } = source;
  const stray = [...node.entries.values()].find((each) => each.source !== 'parameters' && each.source !== 'when');
  const fits = group.value.kind === 'map' && group.value.entries.size > 0 && stray === undefined;
  if (group.value.kind === 'map' && fits) {
    enter({ node: group.value, path: [...path, 'parameters'] });
    return;
  }
  const message = `the parameter \`${entry.name}\` fits no shape of a parameter`;
  gathering.report.add({ code: 'E-PARAM-SHAPE', at: entry.keyAt, path, message });
  gathering.report.add({
    code: 'E-PARAM-SHAPE',
    at: stray?.keyAt ?? group.value.at,
    path: [...path, stray?.source ?? 'parameters'],
    message:
      stray === undefined
        ? 'a group needs at least one parameter in `parameters`'
        : `a group of parameters cannot also have \`${stray.source}\``,
  });
}

/** A misspelt `when` would make a parameter unconditional without a word. */
function refuseMisspelt({ node, path }: LeafSource, report: Report): boolean {
  const misspelt = [...node.entries.values()].filter(
    ({ source }) =>
      !parameterExtensions.includes(source) &&
      parameterExtensions.some((known) => source.length <= known.length + 1 && editDistance(source, known) <= 1),
  );
  for (const entry of misspelt) {
    const message = `a parameter has no key \`${entry.source}\``;
    report.add({
      code: 'E-EXT-KEY',
      at: entry.keyAt,
      path: [...path, entry.source],
      message,
      hint: suggestion(entry.source, parameterExtensions),
    });
  }
  return misspelt.length > 0;
}

function checkGrid({ node, entry, path }: LeafSource, domain: Domain, distribution: string, report: Report): void {
  const weighted = domain.kind === 'categorical' && domain.probabilities !== undefined;
  if (!weighted && ['constant', 'categorical', 'int_uniform', 'q_uniform'].includes(domain.kind)) return;
  report.add({
    code: 'E-GRID-TYPE',
    at: node.entries.get('distribution')?.value.at ?? entry.keyAt,
    path,
    message: `a grid cannot enumerate \`${entry.name}\`, which is ${distribution}`,
    hint: 'list its `values`, give int bounds, take `distribution: q_uniform` with a step `q`, or choose another method',
  });
}

/** By code points, as Python compares text. */
function compareText(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
