/**
 * What a local controller (`wandb controller`) wants, as `upsertSweep` brings it:
 *
 *     {"schedule": [{"id": "k3f9x2ab0c", "data": {"args": {"lr": {"value": 0.1}}}}], "earlystop": ["RUN"]}
 *
 * `"args": null` says that it has nothing more to ask for. Owns the form of this document and of the one that is answered.
 */
import { type Raw, readRawObject, stringOf } from '../json/raw.js';

export interface ControllerWish {
  /** Points by the controller's own names for them; `config` is a config document, null where the search is over. */
  readonly points: readonly { readonly id: string; readonly config: string | null }[];
  /** Names of runs that are not worth finishing. */
  readonly stop: readonly string[];
}

/** Undefined for anything else. */
export function readControllerWish(text: string): ControllerWish | undefined {
  const document = readRawObject(text);
  if (document === undefined) return undefined;
  const points = listIn(document.members.get('schedule'))?.map(pointOf);
  const stop = listIn(document.members.get('earlystop'))?.map((name) => (name.kind === 'string' ? stringOf(name) : undefined));
  if (points === undefined || stop === undefined || points.includes(undefined) || stop.includes(undefined)) return undefined;
  return { points: points.filter((point) => point !== undefined), stop: stop.filter((name) => name !== undefined) };
}

function listIn(value: Raw | undefined): readonly Raw[] | undefined {
  if (value === undefined || value.kind === 'null') return [];
  return value.kind === 'list' ? value.items : undefined;
}

function pointOf(entry: Raw): ControllerWish['points'][number] | undefined {
  if (entry.kind !== 'object') return undefined;
  const id = entry.members.get('id');
  const data = entry.members.get('data');
  const args = data?.kind === 'object' ? data.members.get('args') : undefined;
  if (id?.kind !== 'string' || args === undefined || (args.kind !== 'object' && args.kind !== 'null')) return undefined;
  return { id: stringOf(id), config: args.kind === 'null' ? null : args.text };
}

/** What is still waiting and what was asked to stop, in the form of the wish itself. */
export const controllerState = (
  waiting: readonly { readonly id: string; readonly config: string }[],
  stopping: readonly string[],
): string =>
  `{"schedule":[${waiting.map(({ id, config }) => `{"id":${JSON.stringify(id)},"data":{"args":${config}}}`).join(',')}],"earlystop":${JSON.stringify(stopping)}}`;

/** Which points became which runs. */
export const schedulerState = (runs: readonly string[]): string =>
  JSON.stringify({ scheduled: runs.map((run) => ({ id: run, runid: run })) });
