/**
 * One parameter of the file -> its domain, or the findings that say why it has none.
 *
 * Owns the choice of the shape and the checks beyond it. Nesting, `when` and `prior` are space's.
 */
import type { Domain } from '@sweep/optimizer';
import { describeNode } from '../describe-node.js';
import { suggestion } from '../did-you-mean.js';
import type { Report } from '../findings.js';
import { numberOf } from '../numbers.js';
import type { Entry, MapNode } from '../yaml-dialect/tree.js';
import { type DistributionName, distributionNames, formOf, isDistribution, otherNames } from './distributions.js';
import { type Fault, Fields } from './fields.js';

export interface LeafSource {
  readonly node: MapNode;
  readonly entry: Entry;
  readonly path: readonly string[];
  /** W&B's client completes and refuses parameters of the top level only. */
  readonly nested: boolean;
}

/** Keys of ours beside the keys of the shape. */
export const parameterExtensions: readonly string[] = ['when', 'prior'];

export function readLeaf(source: LeafSource, report: Report): { domain: Domain; distribution: DistributionName } | null {
  const fields = new Fields(source.node, source.path, report);
  if (ambiguous(source, report)) return null;
  const distribution = distributionOf(source, fields);
  if (distribution === null) return faulty(source, fields.fault, report);
  checkKeys(source, distribution, fields);
  const domain = fields.fault === null ? formOf(distribution).make(fields) : null;
  if (domain !== null) checkExponents(source, domain, fields);
  if (domain === null || fields.fault !== null) return faulty(source, fields.fault, report);
  remark(source, domain, report);
  return { domain, distribution };
}

/** As at W&B two findings: one names the parameter, one the token that does not fit. */
function faulty(source: LeafSource, fault: Fault | null, report: Report): null {
  const message = `the parameter \`${source.entry.name}\` fits no shape of a parameter`;
  report.add({ code: 'E-PARAM-SHAPE', at: source.entry.keyAt, path: source.path, message });
  if (fault !== null) report.add({ code: 'E-PARAM-SHAPE', ...fault });
  return null;
}

/** W&B's client fills in the distribution of a range and refuses one whose ends are not numbers. */
function ambiguous({ node, path, nested }: LeafSource, report: Report): boolean {
  const [min, max] = [node.entries.get('min'), node.entries.get('max')];
  if (nested || node.entries.has('distribution') || min === undefined || max === undefined) return false;
  const odd = [min, max].find((end) => numberOf(end.value) === null);
  if (odd === undefined) return false;
  report.add({
    code: 'E-AMBIG',
    at: odd.value.at,
    path: [...path, odd.source],
    message: `\`${odd.source}\` is ${describeNode(odd.value)}, not a number, so the parameter's distribution is ambiguous`,
    hint: 'give both ends as numbers, without quotes',
  });
  return true;
}

function distributionOf({ node, path }: LeafSource, fields: Fields): DistributionName | null {
  const named = node.entries.get('distribution');
  if (named !== undefined) {
    const word = named.value.kind === 'scalar' ? named.value.source : '';
    if (named.value.kind === 'scalar' && isDistribution(word)) return word;
    const other = otherNames.get(word.toLowerCase());
    const hint = other === undefined ? suggestion(word, distributionNames) : `did you mean \`${other}\`?`;
    fields.blame({
      at: named.value.at,
      path: [...path, 'distribution'],
      message: `there is no distribution ${describeNode(named.value)}`,
      hint,
    });
    return null;
  }
  const has = (key: string): boolean => node.entries.has(key);
  if (has('value')) return 'constant';
  if (has('values')) return has('probabilities') ? 'categorical_w_probabilities' : 'categorical';
  if (has('min') && has('max')) return bothInts(node) ? 'int_uniform' : 'uniform';
  fields.blame(nothingInferred(node, path));
  return null;
}

function nothingInferred(node: MapNode, path: readonly string[]): Fault {
  const given = [...node.entries.keys()];
  const message =
    given.length === 0
      ? 'the parameter is empty'
      : `${given.map((key) => `\`${key}\``).join(', ')} alone ${given.length === 1 ? 'does' : 'do'} not say which values are possible`;
  const hint =
    given.includes('mu') || given.includes('sigma')
      ? 'add `distribution: normal`'
      : 'give `value`, `values`, `min` and `max`, or `distribution`';
  return { at: node.at, path, message, hint };
}

function bothInts(node: MapNode): boolean {
  return ['min', 'max'].every((key) => {
    const entry = node.entries.get(key);
    return entry !== undefined && numberOf(entry.value)?.int === true;
  });
}

function checkKeys({ node, path }: LeafSource, distribution: DistributionName, fields: Fields): void {
  const { required, optional } = formOf(distribution);
  const allowed = ['distribution', ...required, ...optional, ...parameterExtensions];
  for (const entry of node.entries.values()) {
    if (allowed.includes(entry.source)) continue;
    const message = `a parameter of the form \`${distribution}\` has no key \`${entry.source}\``;
    fields.blame({ at: entry.keyAt, path: [...path, entry.source], message, hint: strayHint(entry.source, distribution, allowed) });
  }
  const missing = required.find((key) => !node.entries.has(key));
  if (missing === undefined) return;
  fields.blame({
    at: node.at,
    path,
    message: `a parameter of the form \`${distribution}\` needs \`${missing}\``,
    hint: `add \`${missing}\``,
  });
}

function strayHint(key: string, distribution: DistributionName, allowed: readonly string[]): string | undefined {
  const quantisedTwin = `q_${distribution === 'int_uniform' ? 'uniform' : distribution}`;
  if (key === 'q' && isDistribution(quantisedTwin)) return `\`q\` goes with \`distribution: ${quantisedTwin}\``;
  if (key === 'probabilities') return '`probabilities` goes with `distribution: categorical_w_probabilities`';
  return suggestion(key, allowed);
}

/** Bounds of the older log family are exponents: 1000 means e^1000, which is no number. */
function checkExponents({ node, path }: LeafSource, domain: Domain, fields: Fields): void {
  const [key, exponent] =
    domain.kind === 'log_uniform' || domain.kind === 'q_log_uniform'
      ? (['max', domain.max] as const)
      : domain.kind === 'inv_log_uniform'
        ? (['min', -domain.min] as const)
        : (['max', 0] as const);
  if (Number.isFinite(Math.exp(exponent))) return;
  fields.blame({
    at: node.entries.get(key)?.value.at ?? node.at,
    path: [...path, key],
    message: `the bounds of ${domain.kind} are exponents of e, and e^${exponent} is too large for a number`,
    hint: `if the bounds are meant as values, write \`distribution: ${domain.kind}_values\``,
  });
}

function remark(source: LeafSource, domain: Domain, report: Report): void {
  const { node, path, nested } = source;
  const named = node.entries.get('distribution');
  if (domain.kind === 'log_uniform' || domain.kind === 'q_log_uniform' || domain.kind === 'inv_log_uniform') {
    const inverse = domain.kind === 'inv_log_uniform';
    const [low, high] = inverse ? [-domain.max, -domain.min] : [domain.min, domain.max];
    report.add({
      code: 'W-DEPRECATED',
      at: named?.value.at ?? node.at,
      path: [...path, 'distribution'],
      message: `\`${domain.kind}\` is deprecated: its bounds are base-e exponents`,
      hint: `write \`distribution: ${domain.kind}_values\` with \`min: ${written(low)}\` and \`max: ${written(high)}\``,
    });
  }
  if (nested || named !== undefined || domain.kind !== 'uniform') return;
  const ends = ['min', 'max'].map((key) => node.entries.get(key)).filter((end) => end !== undefined);
  const int = ends.find((end) => numberOf(end.value)?.int === true);
  if (int === undefined) return;
  report.add({
    code: 'N-AMBIGUOUS',
    at: int.value.at,
    path: [...path, int.source],
    message: 'an int and a float as bounds are read as a uniform range of floats',
    hint: 'add `distribution: uniform`, or write both as ints for `int_uniform`',
  });
}

function written(exponent: number): string {
  return String(Number(Math.exp(exponent).toPrecision(4)));
}
