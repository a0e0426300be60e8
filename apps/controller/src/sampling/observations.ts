/** From the log of a search, where params are text, to what samplers are asked with. Pure. */
import { type Observation, type Params, parseJson } from '@sweep/optimizer';
import type { LogEntry } from '@sweep/store';

export const readParams = (text: string): Params => parseJson(text) as Params;

/** What was read before. */
export interface Reading {
  readonly text: string;
  readonly params: Params;
}

/** @param read by number: the same text stays the same object */
export function toObservation({ params: text, ...rest }: LogEntry, read?: ReadonlyMap<number, Reading>): Observation {
  const before = read?.get(rest.number);
  return { ...rest, params: before?.text === text ? before.params : readParams(text) };
}
