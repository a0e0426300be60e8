/**
 * The text of a sweep file -> its findings and, if it is accepted, what it means.
 *
 * Owns the order of the checks. Nothing here throws on any text: whatever is wrong is a finding.
 */
import type { Method, SweepSpec } from '@sweep/domain';
import type { Parameter, ParamValue } from '@sweep/optimizer';
import { readCommand } from './commands/command.js';
import { readConstraints, readZip, refuseEmpty } from './constraints.js';
import { describeNode } from './describe-node.js';
import { readEarlyTerminate } from './early-terminate.js';
import { readExtensions } from './extensions/extensions.js';
import { type Finding, Report } from './findings.js';
import { type MethodReading, readMethod, topOf } from './method.js';
import { readAims } from './objectives.js';
import { Names } from './parameters/names.js';
import { readParameters } from './parameters/space.js';
import { checkKeys, readRunCap, readTexts } from './top-level.js';
import { readYaml } from './yaml-dialect/read.js';
import { type MapNode, toValue } from './yaml-dialect/tree.js';

export interface ParsedSweepFile {
  readonly accepted: boolean;
  /** Null exactly if the file is refused. */
  readonly spec: SweepSpec | null;
  /** In order of their place. */
  readonly findings: readonly Finding[];
  /** The file as data, types kept; null when it is not well-formed. */
  readonly config: ParamValue;
}

export function parseSweepFile(text: string): ParsedSweepFile {
  const report = new Report();
  const reading = readYaml(text);
  if (!reading.ok) {
    for (const problem of reading.problems) report.add({ ...problem, path: [] });
    return { accepted: false, spec: null, findings: report.findings(text), config: null };
  }
  const { root } = reading;
  if (root.kind !== 'map') {
    report.add({ code: 'E-NOTMAP', at: root.at, path: [], message: `a sweep file must be a mapping, not ${describeNode(root)}` });
    return { accepted: false, spec: null, findings: report.findings(text), config: toValue(root) };
  }
  const spec = readSpec(root, text, report);
  return { accepted: !report.refused, spec: report.refused ? null : spec, findings: report.findings(text), config: toValue(root) };
}

function readSpec(file: MapNode, text: string, report: Report): SweepSpec | null {
  checkKeys(file, report);
  const how = readMethod(file, report);
  const { name, description, project, entity, program } = readTexts(file, report);
  const { parameters, names } = parametersOf(file, how, report);
  const constraints = readConstraints(file.entries.get('constraints'), names, text, report);
  const zip = readZip(file.entries.get('zip'), how.method, names, report);
  const space = { parameters, constraints, zip };
  if (how.method === 'bayes') refuseConstants(file, parameters, how, report);
  const { objectives, limits } = readAims(file, how.method, how.spaceFromScheduler && parameters.length === 0, report);
  const rest = {
    earlyTerminate: readEarlyTerminate(file, objectives[0]?.goal ?? 'minimize', report),
    command: readCommand(file, program, names, report),
    runCap: readRunCap(file, report),
    ...readExtensions(file, report),
  };
  if (how.method === null || report.refused) return null;
  refuseEmpty(file.entries.get('constraints'), how.method, space, report);
  return { name, description, project, entity, program, method: how.method, engine: how.engine, space, objectives, limits, ...rest };
}

function parametersOf(file: MapNode, how: MethodReading, report: Report): { parameters: readonly Parameter[]; names: Names } {
  const entry = file.entries.get('parameters');
  const absent = entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null);
  if (!absent) return readParameters(entry, how.method, report);
  if (!how.spaceFromScheduler && !how.launchOnly) {
    const message = '`parameters` is required: a mapping of name to values or range';
    const hint = file.entries.has('parameter')
      ? 'did you mean `parameters`, not `parameter`?'
      : 'for example `parameters: {lr: {min: 0.001, max: 0.1}}`';
    report.add({ code: 'E-PARAMS-MISSING', at: entry?.keyAt ?? topOf(file), path: ['parameters'], message, hint });
  }
  return { parameters: [], names: new Names([]) };
}

function refuseConstants(file: MapNode, parameters: readonly Parameter[], { method }: { method: Method | null }, report: Report): void {
  const entry = file.entries.get('parameters');
  // While a parameter is malformed nothing is known about the rest.
  if (entry === undefined || parameters.length === 0 || report.refused) return;
  if (parameters.some(({ domain }) => domain.kind !== 'constant')) return;
  const message = `\`method: ${method}\` needs at least one searchable parameter; all of these have one value`;
  report.add({
    code: 'E-BAYES-EMPTY',
    at: entry.keyAt,
    path: ['parameters'],
    message,
    hint: 'give one of them `values`, or `min` and `max`',
  });
}
