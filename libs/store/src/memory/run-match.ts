/** The twin's searching of runs: the same answers as the SQL. */
import { Invalid, isLiveRun, runStateOfTrial, type UserId } from '@sweep/domain';
import { paramsToText, searchableText } from '../params-text.js';
import { pathsOf } from '../run-paths.js';
import type { FilterValue, RunField, RunFilter, RunOrder, RunRecord } from '../store.js';

/** What is known of a run beyond its record. */
export interface Beside {
  readonly now: number;
  readonly users: ReadonlyMap<UserId, string>;
  /** The last value under this name, where an agent measured one. */
  readonly measured: (record: RunRecord, name: string) => number | undefined;
}
type Leaf = Exclude<RunFilter, { readonly op: 'and' | 'or' | 'not' | 'in' }>;

export function matches(filter: RunFilter, record: RunRecord, beside: Beside): boolean {
  switch (filter.op) {
    case 'and':
      return filter.of.every((part) => matches(part, record, beside));
    case 'or':
      return filter.of.some((part) => matches(part, record, beside));
    case 'not':
      return !matches(filter.of, record, beside);
    case 'in':
      return filter.values.some((value) => matchesLeaf({ op: 'eq', field: filter.field, value }, fieldOf(record, filter.field, beside)));
    default:
      return matchesLeaf(filter, fieldOf(record, filter.field, beside));
  }
}

function matchesLeaf(filter: Leaf, value: unknown): boolean {
  const any = (test: (item: unknown) => boolean): boolean => test(value) || (Array.isArray(value) && value.some(test));
  if (filter.op === 'exists') return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
  if (filter.op === 'regex') {
    const pattern = patternOf(filter.pattern);
    return any((item) => typeof item === 'string' && pattern.test(item));
  }
  if (filter.op === 'eq')
    return filter.value === null ? value === null || value === undefined : any((item) => item === plain(filter.value));
  const { op, field } = filter;
  const test = (item: unknown): boolean => compared(item, plain(filter.value), op);
  // A list is no number; tags are texts, each by itself.
  return field.kind === 'column' && field.column === 'tags' ? any(test) : test(value);
}

/** @throws Invalid */
function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new Invalid(`the pattern of a search cannot be read: ${(error as Error).message}`);
  }
}

const plain = (value: FilterValue): unknown => (typeof value === 'bigint' ? Number(value) : value);

function compared(item: unknown, wanted: unknown, op: 'gt' | 'gte' | 'lt' | 'lte'): boolean {
  const alike = typeof item === typeof wanted && (typeof item === 'number' || typeof item === 'string');
  if (!alike) return false;
  const [a, b] = [item as number, wanted as number];
  return op === 'gt' ? a > b : op === 'gte' ? a >= b : op === 'lt' ? a < b : a <= b;
}

export function compareRuns(a: RunRecord, b: RunRecord, orders: readonly RunOrder[], beside: Beside): number {
  for (const { field, descending } of orders) {
    const [x, y] = [placeOf(a, field, beside), placeOf(b, field, beside)];
    if (x === undefined || x === null || y === undefined || y === null) {
      const missing = Number(x === undefined || x === null) - Number(y === undefined || y === null);
      if (missing !== 0) return missing;
      continue;
    }
    const order = rank(x) - rank(y) || ((x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0);
    if (order !== 0) return descending ? -order : order;
  }
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}

/** What is ordered by: times to the millisecond, which clients are not told; NaN has no place. */
function placeOf(record: RunRecord, field: RunField, beside: Beside): unknown {
  const moment = field.kind === 'column' ? moments.find((name) => name === field.column) : undefined;
  if (moment !== undefined) return record[moment];
  const value = fieldOf(record, field, beside);
  return value === 'NaN' ? null : value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
}

const moments = ['createdAt', 'heartbeatAt', 'updatedAt'] as const;

/** Kinds in the order of jsonb. */
const rank = (value: unknown): number =>
  typeof value === 'string' ? 1 : typeof value === 'number' ? 2 : typeof value === 'boolean' ? 3 : 4;

export function fieldOf(record: RunRecord, field: RunField, beside: Beside): unknown {
  if (field.kind === 'unknown') return undefined;
  if (field.kind !== 'column') {
    const value = field.kind === 'summary' ? undefined : configured(record, field.path);
    return value !== undefined || field.kind === 'config' ? value : summed(record, field.path, beside);
  }
  switch (field.column) {
    case 'number':
      return record.trialNumber;
    case 'objective':
      return jsonNumber(record.trialObjective);
    case 'duration':
      return secondsOf(record, beside.now);
    case 'foreseen':
      return record.trialState === 'queued' && record.trialAttempt === 0 && record.trialOrigin === 'sampler';
    case 'isTrial':
      return (record.trial as string | null) === record.id;
    case 'ownState':
      return record.trialState ?? record.state;
    case 'name':
      return record.handle;
    case 'displayName':
      return record.name;
    case 'state':
      return stateOf(record);
    case 'username':
      return record.user === null ? null : beside.users.get(record.user);
    case 'createdAt':
      return isoTime(record.createdAt);
    case 'heartbeatAt':
      return record.heartbeatAt === null ? null : isoTime(record.heartbeatAt);
    case 'updatedAt':
      return record.updatedAt === null ? null : isoTime(record.updatedAt);
    case 'description':
      return record.notes;
    default:
      return record[field.column];
  }
}

const configured = (record: RunRecord, path: string): unknown => atPath(JSON.parse(searchableText(paramsToText(record.config))), path);

function summed(record: RunRecord, path: string, { measured }: Beside): unknown {
  const told = atPath(JSON.parse(searchableText(record.summary ?? '{}')), path);
  if (told !== undefined) return told;
  const value = measured(record, path);
  return jsonNumber(value);
}

/** Texts, as jsonb has them, for numbers that JSON lacks. */
const jsonNumber = (value: number | null | undefined): unknown =>
  value === null || value === undefined || Number.isFinite(value) ? value : String(value);

function secondsOf({ trial, trialStartedAt, trialEndedAt, state, createdAt, heartbeatAt }: RunRecord, now: number): number | null {
  if (trial !== null) return trialStartedAt === null ? null : ((trialEndedAt ?? now) - trialStartedAt) / 1000;
  return ((state !== null && isLiveRun(state) ? now : (heartbeatAt ?? createdAt)) - createdAt) / 1000;
}

function atPath(document: unknown, path: string): unknown {
  for (const keys of pathsOf(path)) {
    const found = keys.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), document);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const stateOf = ({ state, trialState, trialCause }: RunRecord): string | null =>
  trialState === null ? state : runStateOfTrial({ state: trialState, cause: trialCause });

const isoTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
