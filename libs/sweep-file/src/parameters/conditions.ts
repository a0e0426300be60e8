/** `when` on a parameter: the conditions under which it exists. Cycles are found by following the names. */
import type { Condition, ParamValue } from '@sweep/optimizer';
import { describeNode } from '../describe-node.js';
import { suggestion } from '../did-you-mean.js';
import type { Report } from '../findings.js';
import type { Entry } from '../yaml-dialect/tree.js';
import { memberOf } from './membership.js';
import type { Draft, Names } from './names.js';

export interface Relations {
  readonly names: Names;
  readonly cycles: ReadonlySet<string>;
}

export function conditionsOf(when: Draft['when'][number], draft: Draft, space: Relations, report: Report): readonly Condition[] {
  const { value } = when.entry;
  if (value.kind !== 'map' || value.entries.size === 0) {
    const message = `\`when\` must be a mapping of parameter to value or values, not ${describeNode(value)}`;
    report.add({ code: 'E-WHEN', at: value.at, path: when.path, message, hint: 'for example `when: {optimizer: [adam, adamw]}`' });
    return [];
  }
  return [...value.entries.values()].flatMap(
    (entry) => condition(entry, { draft, path: [...when.path, entry.source] }, space, report) ?? [],
  );
}

interface Position {
  readonly draft: Draft;
  readonly path: readonly string[];
}

function condition(entry: Entry, { draft, path }: Position, { names, cycles }: Relations, report: Report): Condition | undefined {
  const named = names.findFrom(entry.source, draft) ?? names.findFrom(entry.name, draft);
  if (named === undefined) {
    const message = `\`when\` names \`${entry.source}\`, which is no parameter`;
    report.add({ code: 'E-WHEN', at: entry.keyAt, path, message, hint: suggestion(entry.source, names.all) });
    return undefined;
  }
  if (cycles.has(named.key) && cycles.has(draft.key)) {
    const message = `\`${draft.path.join('.')}\` would depend on itself through \`when\``;
    report.add({ code: 'E-WHEN', at: entry.keyAt, path, message });
    return undefined;
  }
  const values = possibleValues(entry, named, path, report);
  return values === undefined ? undefined : { key: named.key, values };
}

function possibleValues(entry: Entry, named: Draft, path: readonly string[], report: Report): readonly ParamValue[] | undefined {
  // A parameter whose own values are lists is compared as a whole first.
  const whole = memberOf(named.domain, entry.value);
  if (whole !== undefined) return [whole];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const values: ParamValue[] = [];
  for (const item of items) {
    const value = memberOf(named.domain, item);
    if (value === undefined) {
      const message = `\`${named.path.join('.')}\` can never be ${describeNode(item)}`;
      report.add({ code: 'E-WHEN', at: item.at, path, message, hint: choicesHint(named, item) });
    } else values.push(value);
  }
  if (items.length === 0) report.add({ code: 'E-WHEN', at: entry.value.at, path, message: '`when` needs at least one value' });
  return values.length > 0 ? values : undefined;
}

function choicesHint(named: Draft, item: Entry['value']): string | undefined {
  if (named.domain.kind !== 'categorical' || item.kind !== 'scalar') return undefined;
  return suggestion(
    item.source,
    named.domain.values.filter((value) => typeof value === 'string'),
  );
}

/**
 * Keys of the parameters whose `when` leads back to themselves.
 *
 * Whatever depends on nothing left, or has nothing left depending on it, is on no cycle; what remains is.
 */
export function cyclicKeys(drafts: readonly Draft[], names: Names): ReadonlySet<string> {
  const needs = new Map(drafts.map((draft) => [draft.key, new Set(namedBy(draft, names).map(({ key }) => key))]));
  const neededBy = new Map<string, Set<string>>(drafts.map(({ key }) => [key, new Set()]));
  for (const [key, targets] of needs) for (const target of targets) neededBy.get(target)?.add(key);
  const open = [...needs.keys()];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const [targets, users] = [needs.get(key), neededBy.get(key)];
    if (targets === undefined || users === undefined || (targets.size > 0 && users.size > 0)) continue;
    needs.delete(key);
    neededBy.delete(key);
    for (const target of targets) neededBy.get(target)?.delete(key);
    for (const user of users) needs.get(user)?.delete(key);
    open.push(...targets, ...users);
  }
  return new Set(needs.keys());
}

function namedBy(draft: Draft, names: Names): readonly Draft[] {
  const entries = draft.when.flatMap(({ entry }) => (entry.value.kind === 'map' ? [...entry.value.entries.values()] : []));
  return entries.flatMap((entry) => names.findFrom(entry.source, draft) ?? names.findFrom(entry.name, draft) ?? []);
}
