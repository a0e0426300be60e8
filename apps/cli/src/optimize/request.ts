/** The lines of a conversation with the optimiser: JSON text to a request, or to what is wrong with it. */
import { isDict, numeric, type Params, type ParamValue, parseJson } from '@sweep/optimizer';

/** A result may be given instead of, or beside, a state. Several values for several objectives. */
export interface Result {
  readonly values: readonly number[] | null;
  /** What the file limits, by name. */
  readonly metrics: ReadonlyMap<string, number>;
  readonly state: ToldState;
}

const toldStates = ['completed', 'failed', 'infeasible', 'pruned'] as const;
export type ToldState = (typeof toldStates)[number];

export type Request =
  | { readonly op: 'ask'; readonly count: number }
  | { readonly op: 'report'; readonly number: number; readonly step: number | null; readonly value: number }
  | { readonly op: 'tell'; readonly number: number; readonly result: Result }
  /** A result that was not asked for. */
  | { readonly op: 'add'; readonly params: Params; readonly result: Result }
  | { readonly op: 'best' }
  | { readonly op: 'close' };

/** What is wrong with a line. Answered; the conversation goes on. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: 'invalid' | 'not-found' | 'conflict',
    message: string,
  ) {
    super(message);
  }
}

type Members = { readonly [key: string]: ParamValue };

/** Bounds one answer. */
const mostAsked = 10_000;

/** @throws Refusal (invalid), JsonError */
export function readRequest(line: string): Request {
  const members = parseJson(line);
  if (!isDict(members)) throw new Refusal('invalid', 'a line is one JSON object, e.g. {"op":"ask"}');
  const op = members['op'];
  switch (op) {
    case 'ask':
      return { op, count: readCount(members) };
    case 'report':
      return { op, number: readNumber(members), step: readStep(members), value: readValue(members['value'], 'value') };
    case 'tell':
      return readTell(members);
    case 'best':
    case 'close':
      return { op };
    default:
      throw new Refusal('invalid', `${shown(op, 'op')}: one of ask, report, tell, best, close`);
  }
}

function readTell(members: Members): Request {
  const result = readResult(members);
  const params = members['params'];
  if ((params === undefined) === (members['number'] === undefined))
    throw new Refusal('invalid', 'tell needs the `number` of a trial, or the `params` of a result that was not asked for');
  if (params === undefined) return { op: 'tell', number: readNumber(members), result };
  if (!isDict(params)) throw new Refusal('invalid', `${shown(params, 'params')}: an object of names and values`);
  return { op: 'add', params, result };
}

function readResult({ value, state = 'completed', metrics: given }: Members): Result {
  const known = toldStates.find((one) => one === state);
  if (known === undefined) throw new Refusal('invalid', `${shown(state, 'state')}: one of ${toldStates.join(', ')}`);
  const metrics = readMetrics(given);
  if (value === undefined || value === null) return { state: known, values: null, metrics };
  const values = Array.isArray(value) ? value : [value];
  return { state: known, values: values.map((one: ParamValue) => readValue(one, 'value')), metrics };
}

function readMetrics(metrics: ParamValue | undefined): ReadonlyMap<string, number> {
  if (metrics === undefined || metrics === null) return new Map();
  if (!isDict(metrics)) throw new Refusal('invalid', `${shown(metrics, 'metrics')}: an object of names and numbers, e.g. {"ms":40}`);
  return new Map(Object.entries(metrics).map(([name, value]) => [name, readValue(value, `metrics.${name}`)]));
}

function readCount({ n = 1 }: Members): number {
  const count = numeric(n);
  if (count === undefined || !Number.isInteger(count) || count < 1 || count > mostAsked)
    throw new Refusal('invalid', `${shown(n, 'n')}: a whole number from 1 to ${mostAsked}`);
  return count;
}

function readNumber({ number }: Members): number {
  const found = numeric(number);
  if (found === undefined || !Number.isSafeInteger(found))
    throw new Refusal('invalid', `${shown(number, 'number')}: the number of a trial`);
  return found;
}

function readStep({ step }: Members): number | null {
  if (step === undefined || step === null) return null;
  const found = numeric(step);
  if (found === undefined || !Number.isFinite(found)) throw new Refusal('invalid', `${shown(step, 'step')}: a finite number`);
  return found;
}

const nonFinite: ReadonlyMap<ParamValue | undefined, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function readValue(value: ParamValue | undefined, name: string): number {
  const found = numeric(value) ?? nonFinite.get(value);
  if (found === undefined) throw new Refusal('invalid', `${shown(value, name)}: a number, or "NaN", "Infinity", "-Infinity"`);
  return found;
}

function shown(value: ParamValue | undefined, name: string): string {
  if (value === undefined) return `${name} is missing`;
  const text = typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  return `${name} is ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
