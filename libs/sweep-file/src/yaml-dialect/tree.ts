/**
 * A sweep file as read: values with the place each came from.
 *
 * Owns the tree and its plain value. How text becomes a tree is read's; what the tree means is everyone else's.
 */
import type { ParamValue } from '@sweep/optimizer';

/** A stretch of the text, in UTF-16 units from its start. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export type Node = MapNode | ListNode | ScalarNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: ParamValue;
  /** The scalar's text, unquoted: `1e-5` and `"1e-5"` have the same. */
  readonly source: string;
  /** Neither quoted nor tagged: only such text may be read as a number. */
  readonly plain: boolean;
  readonly at: Place;
  readonly size: number;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Place;
  readonly size: number;
}

export interface MapNode {
  readonly kind: 'map';
  /** By source text of the key: a bare `on` is `on` here, though YAML 1.1 reads it as true. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
  /** Nodes below and including this one, aliases counted each time they are used. */
  readonly size: number;
}

export interface Entry {
  readonly source: string;
  /** The key as W&B's client uploads it, after a pass through JSON: `1:` is `"1"`, a bare `on:` is `"true"`. */
  readonly name: string;
  readonly keyAt: Place;
  readonly value: Node;
}

export function toValue(node: Node): ParamValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  // fromEntries makes own properties, so that a key `__proto__` is a key like any other.
  return Object.fromEntries([...node.entries.values()].map((entry) => [entry.name, toValue(entry.value)]));
}
