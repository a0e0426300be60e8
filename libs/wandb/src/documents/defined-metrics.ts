/**
 * What `run.define_metric` asked for, read from `_wandb.value.m` of the config document.
 *
 * Newer clients (0.31) send globs unexpanded, so that names must be matched here. The numeric keys are those of MetricRecord in
 * wandb/proto/wandb_internal.proto.
 */
import { type Raw, type RawObject, stringOf } from '../json/raw.js';
import { ownPart } from './config.js';

export interface DefinedMetric {
  /** A metric's name, or a pattern whose `*` stands for anything. */
  readonly name: string;
  readonly isGlob: boolean;
  /** The metric to draw it against. */
  readonly stepMetric: string | null;
  readonly hidden: boolean;
}

export function definedMetrics(config: string): readonly DefinedMetric[] {
  const list = ownPart(config)?.members.get('m');
  if (list?.kind !== 'list') return [];
  const entries = list.items.map((item) => (item.kind === 'object' ? item : undefined));
  return entries.flatMap((entry) => {
    const exact = text(entry, '1');
    const name = exact ?? text(entry, '2');
    if (entry === undefined || name === undefined) return [];
    // Positions count from 1.
    const position = Number(entry.members.get('5')?.text ?? 0);
    const stepMetric = text(entry, '4') ?? text(entries[position - 1], '1') ?? null;
    return [{ name, isGlob: exact === undefined, stepMetric, hidden: options(entry.members.get('6')).includes(2) }];
  });
}

/** The definition of a metric: its own, else the first glob that fits. */
export function definitionOf(metric: string, defined: readonly DefinedMetric[]): DefinedMetric | undefined {
  return defined.find(({ name, isGlob }) => !isGlob && name === metric) ?? defined.find(({ name, isGlob }) => isGlob && fits(metric, name));
}

/** Piece by piece, so that no pattern is slow. */
function fits(metric: string, glob: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return metric === glob;
  if (!metric.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = metric.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return metric.length - last.length >= at && metric.endsWith(last);
}

function text(entry: RawObject | undefined, key: string): string | undefined {
  const value = entry?.members.get(key);
  return value?.kind === 'string' ? stringOf(value) : undefined;
}

const options = (value: Raw | undefined): readonly number[] => (value?.kind === 'list' ? value.items.map((item) => Number(item.text)) : []);
