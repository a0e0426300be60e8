/**
 * Where the points of client lines stand among the chunks of a run: each by the number of its line, far beyond the batches of agents,
 * so that the two never meet and a stream's points can be found again. Pure.
 */
import type { LineStream } from '../store.js';

/** Lines that a stream can have: the whole range must fit into 31 bits. */
const places = { history: 1_000_000_000, events: 1_600_000_000 } as const;

export type PointStream = Exclude<LineStream, 'log'>;

/** Batches of agents stay below. */
export const firstLinePlace = places.history;

export const placeOfLine = (stream: PointStream, line: number): number => places[stream] + line;

/** From the first place to before the second. */
export const placesOf = (stream: PointStream): readonly [number, number] =>
  stream === 'history' ? [places.history, places.events] : [places.events, 2 ** 31 - 1];

/** Chunks of one source only are ever merged. */
export const sourceOf = (sequence: number): number => (sequence < places.history ? 0 : sequence < places.events ? 1 : 2);
