/**
 * From the YAML library's nodes to our tree: tags, merge keys, aliases and duplicate keys as PyYAML's safe loader treats them.
 *
 * Owns the limits that keep a small text from becoming a huge tree. Syntax is the library's; scalars are scalar's.
 */

import { Float } from '@sweep/optimizer';
import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml';
import { pythonFloat } from '../python-text.js';
import { type Resolved, resolvePlain, resolveTagged } from './scalar.js';
import type { Entry, MapNode, Node, Place, ScalarNode } from './tree.js';

/** Nodes of the whole tree, those under an alias counted each time it is used. */
const largestTree = 200_000;
const standardTag = 'tag:yaml.org,2002:';

export interface ReadProblem {
  readonly code: 'E-YAML' | 'E-DATE';
  readonly at: Place;
  readonly message: string;
  readonly hint?: string;
}

/** Thrown inside the conversion only: the tree cannot be made. */
export class Unreadable extends Error {
  constructor(readonly problem: ReadProblem) {
    super(problem.message);
  }
}

export class Conversion {
  readonly dates: ReadProblem[] = [];
  /** The latest definition of each anchor; null while its node is still being converted. */
  private readonly anchors = new Map<string, Node | null>();

  node(source: unknown, fallback: Place): Node {
    const at = placeOf(source, fallback);
    if (isAlias(source)) return this.alias(source.source, at);
    const anchor = (isScalar(source) || isMap(source) || isSeq(source)) && source.anchor ? source.anchor : undefined;
    if (anchor !== undefined) this.anchors.set(anchor, null);
    const made = this.unanchored(source, at);
    if (made.size > largestTree) throw unreadable(at, `more than ${largestTree} values, aliases counted each time they are used`);
    if (anchor !== undefined) this.anchors.set(anchor, made);
    return made;
  }

  private unanchored(source: unknown, at: Place): Node {
    if (isMap(source)) {
      refuseTag(source.tag, 'map', at);
      return this.map(source, at);
    }
    if (isSeq(source)) {
      refuseTag(source.tag, 'seq', at);
      const items = source.items.map((item) => this.node(item, at));
      return { kind: 'list', items, at, size: sum(items) };
    }
    return isScalar(source) ? this.scalar(source, at) : { kind: 'scalar', value: null, source: '', plain: true, at, size: 1 };
  }

  private alias(name: string, at: Place): Node {
    const target = this.anchors.get(name);
    if (target === undefined) throw unreadable(at, `there is no anchor &${name} before this alias`);
    if (target === null) throw unreadable(at, `the alias *${name} contains itself`);
    return target;
  }

  private scalar(source: Scalar, at: Place): ScalarNode {
    const text = source.source ?? '';
    const plain = source.type === Scalar.PLAIN && source.tag === undefined;
    const resolved = resolve(text, source, plain);
    if (resolved.kind === 'broken') throw unreadable(at, resolved.message);
    if (resolved.kind === 'date') {
      this.dates.push({
        code: 'E-DATE',
        at,
        message: `\`${text}\` is a date in YAML, and a sweep's values cannot be dates`,
        hint: `quote it to make it text: "${text}"`,
      });
    }
    return { kind: 'scalar', value: resolved.kind === 'value' ? resolved.value : text, source: text, plain, at, size: 1 };
  }

  private map(source: YAMLMap, at: Place): MapNode {
    const merged: Entry[] = [];
    const own: Entry[] = [];
    for (const pair of source.items) {
      const keyAt = placeOf(pair.key, at);
      if (isMergeKey(pair)) merged.push(...this.mergedEntries(pair.value, keyAt));
      else own.push(this.entry(pair, keyAt));
    }
    // The mapping's own keys win over merged ones, and a later duplicate over an earlier one.
    const entries = new Map([...merged, ...own].map((entry) => [entry.source, entry]));
    return { kind: 'map', entries, at, size: sum([...entries.values()].map((entry) => entry.value)) };
  }

  private entry(pair: Pair, keyAt: Place): Entry {
    const key = this.node(pair.key, keyAt);
    if (key.kind !== 'scalar') throw unreadable(keyAt, 'a mapping or a list cannot be a key');
    return { source: key.source, name: keyName(key), keyAt, value: this.node(pair.value, after(keyAt)) };
  }

  private mergedEntries(source: unknown, keyAt: Place): readonly Entry[] {
    const value = this.node(source, after(keyAt));
    if (value.kind === 'map') return [...value.entries.values()];
    if (value.kind !== 'list') throw unreadable(value.at, '`<<` takes a mapping or a list of mappings');
    // Of several merged mappings the first one wins, so it is written last.
    return [...value.items].reverse().flatMap((item) => {
      if (item.kind !== 'map') throw unreadable(item.at, '`<<` takes a mapping or a list of mappings');
      return [...item.entries.values()];
    });
  }
}

function resolve(text: string, source: Scalar, plain: boolean): Resolved {
  if (plain) {
    const resolved = resolvePlain(text);
    // A merge sign that is no key is refused by PyYAML as well: it has no constructor for it.
    return resolved.kind === 'merge' ? { kind: 'broken', message: '`<<` merges mappings and can only be a key' } : resolved;
  }
  if (source.tag === undefined || source.tag === '!') return { kind: 'value', value: text };
  if (source.tag.startsWith(standardTag)) return resolveTagged(source.tag.slice(standardTag.length), text);
  return { kind: 'broken', message: `the tag ${source.tag} is not allowed: a sweep file has no custom tags` };
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === Scalar.PLAIN && pair.key.tag === undefined && pair.key.source === '<<';
}

/** The key after Python's `json.dumps`, which turns every key into text. */
function keyName(key: ScalarNode): string {
  const { value } = key;
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof Float) return jsonKey(value.value);
  return typeof value === 'number' && !Number.isInteger(value) ? jsonKey(value) : String(value);
}

function jsonKey(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? pythonFloat(value) : `${value}`;
}

function refuseTag(tag: string | undefined, allowed: 'map' | 'seq', at: Place): void {
  if (tag === undefined || tag === '!' || tag === `${standardTag}${allowed}`) return;
  throw unreadable(at, `the tag ${tag} is not allowed here: a sweep file has no custom tags`);
}

function placeOf(source: unknown, fallback: Place): Place {
  if (!isScalar(source) && !isMap(source) && !isSeq(source) && !isAlias(source)) return fallback;
  const range = source.range;
  return range ? { offset: range[0], length: Math.max(0, range[1] - range[0]) } : fallback;
}

/** Where the missing value of a key would stand. */
function after(keyAt: Place): Place {
  return { offset: keyAt.offset, length: keyAt.length };
}

function sum(nodes: readonly Node[]): number {
  return nodes.reduce((total, node) => total + node.size, 1);
}

function unreadable(at: Place, message: string): Unreadable {
  return new Unreadable({ code: 'E-YAML', at, message });
}
