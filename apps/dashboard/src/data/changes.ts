/**
 * What an event makes out of date: the query keys whose data it may have changed. Pure.
 *
 * Keys are `[noun, id, part]`, or `[noun]` for lists, so that invalidating `['sweep', id]` covers all that is shown of one sweep.
 */
import type { EventView } from '@sweep/api';

export type Key = readonly string[];

/** Everything: for the time of which nothing is known. */
export const everything: Key = [];

export function outdatedBy(event: EventView): readonly Key[] {
  const sweep = textOf(event, 'sweep');
  const run = textOf(event, 'run') ?? textOf(event, 'trial');
  switch (event.kind.split('.')[0]) {
    case 'sweep':
      return [['sweeps'], ['projects'], ...(sweep === null ? [] : [['sweep', sweep]])];
    case 'trial':
      return [
        ['sweeps'],
        ['runs'],
        ['queue'],
        ['agents'],
        ...(sweep === null ? [] : [['sweep', sweep]]),
        ...(run === null ? [] : [['run', run]]),
      ];
    case 'decision':
      return [...(sweep === null ? [] : [['sweep', sweep, 'decisions']]), ...(run === null ? [] : [['run', run]])];
    case 'agent':
      return [['agents'], ['queue'], ...(textOf(event, 'agent') === null ? [] : [['agent', textOf(event, 'agent')!]])];
    case 'run':
      return [['runs'], ['projects'], ...(run === null ? [] : [['run', run]])];
    case 'runs':
      return [['runs'], ['projects']];
    default:
      // Of a newer controller: what it is about cannot be known.
      return [everything];
  }
}

function textOf(event: EventView, name: string): string | null {
  const value = event[name];
  return typeof value === 'string' ? value : null;
}
