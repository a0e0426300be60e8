/** What a sweep's results say beside the next point: which parameters matter, and what more trials would bring. Pure. */
import type { SweepSpec } from '@sweep/domain';
import { type Effect, effects, type Observation, type Outlook, outlook, type SliceWish, slice, stringifyJson } from '@sweep/optimizer';
import { samplerOptions } from '@sweep/sweep-file';
import { type Importance, importances } from './importance.js';

/** Of the first objective. */
export interface Insight {
  /** By the sweep's own completed trials, strongest first. */
  readonly ranks: readonly Importance[];
  /** How many trials there were for that. */
  readonly samples: number;
  /** Strongest first; empty while there is too little to tell. */
  readonly effects: readonly Effect[];
  /** Null while there is too little to tell. */
  readonly outlook: Outlook | null;
  /** Completed trials and prior results with every objective finite: what there was to tell from. */
  readonly results: number;
}

/** Needs no particular method of search. */
export function insightOf(spec: SweepSpec, seed: bigint, observations: readonly Observation[]): Insight {
  if (spec.objectives.length === 0) return { ranks: [], samples: 0, effects: [], outlook: null, results: 0 };
  const options = samplerOptions(spec, seed);
  const completed = observations.filter(({ state }) => state === 'completed');
  const samples = completed.flatMap(({ number, params, values: [value] }) =>
    number < 0 || value === null || value === undefined ? [] : [{ params, value }],
  );
  const results = completed.filter(({ values }) => values.every((value) => value !== null)).length;
  return {
    ranks: importances(samples),
    samples: samples.length,
    effects: effects(spec.space, options, observations),
    outlook: outlook(spec.space, options, observations),
    results,
  };
}

/** A cut through the model; values of parameters as JSON text, which crosses threads. */
export interface Cut {
  readonly x: readonly string[];
  readonly y: readonly string[] | null;
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly through: string;
}

/** Null while there is too little to tell. */
export function cutOf(spec: SweepSpec, seed: bigint, observations: readonly Observation[], wish: SliceWish): Cut | null {
  if (spec.objectives.length === 0) return null;
  const found = slice(spec.space, samplerOptions(spec, seed), observations, wish);
  if (found === null) return null;
  const text = (value: Parameters<typeof stringifyJson>[0]): string => stringifyJson(value, { nonFinite: 'text' });
  return { ...found, x: found.x.map(text), y: found.y?.map(text) ?? null, through: text(found.through) };
}
