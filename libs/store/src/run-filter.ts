/** What runs are searched by: an expression tree without any query language in it. Who parses one into it is elsewhere. */

export type RunField =
  | { readonly kind: 'column'; readonly column: RunColumn }
  /** Dots in paths are kept: a key may hold dots itself, so the longest literal key is tried first. */
  | { readonly kind: 'config' | 'summary'; readonly path: string }
  /** In the config, else in the summary. */
  | { readonly kind: 'either'; readonly path: string }
  /** No run has it. */
  | { readonly kind: 'unknown'; readonly name: string };

export type RunColumn =
  | 'id'
  /** Its trial's number, first objective, and time from the first start. */
  | 'number'
  | 'objective'
  /** Seconds; of a run without a trial as far as its program was heard of. */
  | 'duration'
  /** Its trial's, in the words of trials; its own where it has none. */
  | 'ownState'
  /** Whether it is a trial's own run, and not one that only an attempt of it has. */
  | 'isTrial'
  /** Whether its trial was only proposed: nobody has it, or ever had it. */
  | 'foreseen'
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
  | 'updatedAt'
  | 'description'
  | 'notes';

export type FilterValue = string | number | bigint | boolean | null;

export type RunFilter =
  | { readonly op: 'and' | 'or'; readonly of: readonly RunFilter[] }
  | { readonly op: 'not'; readonly of: RunFilter }
  | { readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly field: RunField; readonly value: FilterValue }
  | { readonly op: 'in'; readonly field: RunField; readonly values: readonly FilterValue[] }
  | { readonly op: 'exists'; readonly field: RunField }
  /** Found anywhere in the text. */
  | { readonly op: 'regex'; readonly field: RunField; readonly pattern: string };

export interface RunOrder {
  readonly field: RunField;
  readonly descending: boolean;
}
