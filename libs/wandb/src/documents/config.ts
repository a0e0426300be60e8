/**
 * The config document of a run: `{"lr": {"value": 0.1}, "_wandb": {"value": {…}}}`.
 *
 * Owns wrapping and unwrapping, and what the client keeps for itself under `_wandb`. Values stay the text they were: long integers and
 * `1.0` against `1` come back as sent.
 */
import { type Raw, type RawObject, readRawObject, stringOf, writeMembers } from '../json/raw.js';

/** The user's values, name to JSON text, without the client's own. Empty for a text that is no config document. */
export function configValues(document: string): ReadonlyMap<string, string> {
  const members = readRawObject(document)?.members ?? new Map<string, Raw>();
  return new Map([...members].flatMap(([name, value]) => (name === '_wandb' ? [] : [[name, unwrapped(value).text] as const])));
}

/** `{"lr": 0.1}` of `{"lr": {"value": 0.1}, "_wandb": …}`. */
export const userConfig = (document: string): string => writeMembers(configValues(document));

/** `{"lr": {"value": 0.1}}` of name to JSON text; also the form of an agent command's `args`. */
export function wrapConfig(values: Iterable<readonly [name: string, text: string]>): string {
  return writeMembers([...values].map(([name, text]) => [name, `{"value":${text}}`] as const));
}

/** The asked parts of what the client keeps for itself, as `Run.wandbConfig` answers; all of it without `keys`. */
export function wandbConfig(document: string, keys: readonly string[] | null | undefined): string {
  const own = ownPart(document);
  if (own === undefined) return '{}';
  if (keys === null || keys === undefined) return own.text;
  return writeMembers(keys.flatMap((key) => (own.members.has(key) ? [[key, own.members.get(key)?.text ?? 'null'] as const] : [])));
}

export interface BranchPoint {
  readonly run: string;
  readonly step: number;
}

/** Where the run was forked from another. */
export function branchPoint(document: string): BranchPoint | undefined {
  const at = ownPart(document)?.members.get('branch_point');
  if (at?.kind !== 'object') return undefined;
  const run = at.members.get('run_id');
  const step = at.members.get('step');
  return run?.kind === 'string' && step?.kind === 'number' ? { run: stringOf(run), step: Number(step.text) } : undefined;
}

export function ownPart(document: string): RawObject | undefined {
  const wrapped = readRawObject(document)?.members.get('_wandb');
  const own = wrapped === undefined ? undefined : unwrapped(wrapped);
  return own?.kind === 'object' ? own : undefined;
}

/** Old clients add `desc`; a dict of the user's that merely has a key `value` is itself wrapped. */
function unwrapped(value: Raw): Raw {
  return value.kind === 'object' ? (value.members.get('value') ?? value) : value;
}
