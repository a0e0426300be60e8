/** What runs are searched by: an expression tree without any query language in it. Who parses one into it is elsewhere. */

/** Dots in paths are kept: a key may hold dots itself, so the longest literal key is tried first. */
export type RunField =
  | { readonly kind: 'column'; readonly name: RunColumn }
  | { readonly kind: 'config'; readonly path: string }
  | { readonly kind: 'summary'; readonly path: string };

export type RunColumn =
  | 'name'
  | 'displayName'
  | 'state'
  | 'sweep'
  | 'tags'
  | 'username'
  | 'group'
  | 'jobType'
  | 'createdAt'
  | 'heartbeatAt'
  | 'notes'
  | 'host'
  | 'commit'
  | 'historyLineCount';

export type FilterValue = string | number | bigint | boolean | null;

export type RunFilter =
  | { readonly op: 'and' | 'or'; readonly of: readonly RunFilter[] }
  | { readonly op: 'not'; readonly of: RunFilter }
  | { readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly field: RunField; readonly value: FilterValue }
  | { readonly op: 'in'; readonly field: RunField; readonly values: readonly FilterValue[] }
  | { readonly op: 'exists'; readonly field: RunField }
  | { readonly op: 'regex'; readonly field: RunField; readonly pattern: string };

export interface RunOrder {
  readonly field: RunField;
  readonly descending: boolean;
}
