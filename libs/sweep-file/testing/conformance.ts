/** Short forms for the conformance cases: a file from its parts, and what came of it. Owns no expectation. */
import type { SweepSpec } from '@sweep/domain';
import type { Domain, Observation, Params, Proposal } from '@sweep/optimizer';
import { it } from 'vitest';
import { createSampler, type FindingCode, parseSweepFile, preview, samplerOf } from '../src/index.js';

export const random = (parameters: string, more = ''): string => file('random', parameters, more);
export const grid = (parameters: string, more = ''): string => file('grid', parameters, more);
export const bayes = (parameters: string, more = 'metric: {name: l}'): string => file('bayes', parameters, more);
/** Any usable parameter. */
export const any = '{a: {values: [1, 2]}}';

export function file(method: string, parameters: string, more = ''): string {
  return `program: train.py\nmethod: ${method}\nparameters: ${parameters}\n${more}\n`;
}

export interface Outcome {
  readonly accepted: boolean;
  readonly codes: readonly FindingCode[];
}

/** Each code once, in order of place. */
export function outcome(text: string): Outcome {
  const { accepted, findings } = parseSweepFile(text);
  return { accepted, codes: [...new Set(findings.map(({ code }) => code))] };
}

export const accepted = (...codes: readonly FindingCode[]): Outcome => ({ accepted: true, codes });
export const refused = (...codes: readonly FindingCode[]): Outcome => ({ accepted: false, codes });

export function specOf(text: string): SweepSpec {
  const { spec, findings } = parseSweepFile(text);
  if (spec === null) throw new Error(findings.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return spec;
}

export function domainOf(text: string, name = 'a'): Domain {
  const parameter = specOf(text).space.parameters.find(({ path }) => path.join('.') === name);
  if (parameter === undefined) throw new Error(`no parameter ${name}`);
  return parameter.domain;
}

const host = { environment: () => undefined, platform: 'linux', argsJsonFile: () => 'args.json' };

export function proposals(text: string, count = 50): { params: readonly Params[]; exhausted: boolean } {
  const { trials, exhausted } = preview(specOf(text), count, 1n, host);
  return { params: trials.map(({ params }) => params), exhausted };
}

export function argvOf(text: string): readonly string[] {
  return preview(specOf(text), 1, 1n, host).trials[0]?.argv ?? [];
}

/** What the file's sampler answers after these observations; the cursor counts them. */
export function asked(text: string, observations: readonly Observation[], count = 1): readonly Proposal[] {
  const spec = specOf(text);
  return createSampler(samplerOf(spec)!, spec, 1n).ask({ cursor: observations.length, count, observations }).proposals;
}

/** A case that this library cannot decide: skipped under its number, with where it is decided. */
export function testedElsewhere(where: string, ...cases: readonly string[]): void {
  for (const name of cases) it.skip(`${name} (${where})`);
}
