/** `metric` and `metrics`: what the sweep is judged by. */
import type { Goal, Method, MetricLimit, Objective } from '@sweep/domain';
import { describeNode } from './describe-node.js';
import { suggestion } from './did-you-mean.js';
import type { Path } from './extensions/block.js';
import { readExtension } from './extensions/block.js';
import type { FindingCode, Report, Severity } from './findings.js';
import { topOf } from './method.js';
import { numberOf } from './numbers.js';
import { choice, type Reader } from './readers.js';
import type { Entry, MapNode, Node } from './yaml-dialect/tree.js';

export const metricKeys = ['name', 'goal', 'target', 'impute', 'impute_while_running', 'value', 'constraint'] as const;
const imputations = ['latest', 'best', 'worst'] as const;
type Imputation = (typeof imputations)[number];

/** What the metrics of a file ask for. */
export interface Aims {
  readonly objectives: readonly Objective[];
  readonly limits: readonly MetricLimit[];
}

export function readAims(file: MapNode, method: Method | null, optional: boolean, report: Report): Aims {
  const metric = file.entries.get('metric');
  const metrics = file.entries.get('metrics');
  if (metrics !== undefined) checkList(metrics, metric, method, report);
  if (metric !== undefined) return together([readMetric(metric.value, ['metric'], method, report)]);
  if (metrics?.value.kind === 'list' && metrics.value.items.length > 0) {
    return together(metrics.value.items.map((item, index) => readMetric(item, ['metrics', index], method, report)));
  }
  if (method === 'bayes' && !optional) {
    const message = '`method: bayes` requires `metric`: what it searches for';
    report.add({
      code: 'E-METRIC-MISSING',
      at: topOf(file),
      path: ['metric'],
      message,
      hint: 'add `metric: {name: loss, goal: minimize}`',
    });
  }
  return together([]);
}

interface ReadMetric {
  readonly objective: Objective | null;
  readonly limit: MetricLimit | null;
}

function together(metrics: readonly (ReadMetric | null)[]): Aims {
  const read = metrics.filter((metric) => metric !== null);
  return {
    objectives: read.map(({ objective }) => objective).filter((objective) => objective !== null),
    limits: read.map(({ limit }) => limit).filter((limit) => limit !== null),
  };
}

function checkList(metrics: Entry, metric: Entry | undefined, method: Method | null, report: Report): void {
  const warn = (message: string, hint?: string): void =>
    report.add({ code: 'E-METRICS', at: metrics.keyAt, path: ['metrics'], message, hint });
  if (metrics.value.kind !== 'list') warn(`\`metrics\` must be a list of metrics, not ${describeNode(metrics.value)}`);
  else if (metrics.value.items.length < 2) warn('`metrics` needs at least two entries', 'for one objective write `metric`');
  if (metric !== undefined) warn('`metrics` and `metric` exclude each other; `metric` is used');
  else if (method === 'grid' || method === 'random') warn(`\`method: ${method}\` takes one objective`, 'several go with bayes and custom');
}

function readMetric(node: Node, path: Path, method: Method | null, report: Report): ReadMetric | null {
  const strict: Severity = method === 'bayes' ? 'error' : 'warning';
  const complain = ({ code, at, key, message, hint }: Complaint): void =>
    report.add({ code: code ?? 'E-METRIC-SHAPE', at, path: key === undefined ? path : [...path, key], message, hint, severity: strict });
  if (node.kind !== 'map') {
    complain({
      at: node.at,
      message: `a metric must be a mapping with \`name\`, not ${describeNode(node)}`,
      hint: 'write `metric: {name: loss}`',
    });
    return null;
  }
  for (const entry of node.entries.values()) {
    if (metricKeys.some((key) => key === entry.source)) continue;
    const message = `a metric has no key \`${entry.source}\``;
    complain({ at: entry.keyAt, key: entry.source, message, hint: suggestion(entry.source, metricKeys) });
  }
  const reading: MetricReading = { node, path, report, complain };
  const name = readName(reading);
  const rest = { goal: readGoal(reading), target: readTarget(reading), value: readValue(reading), ...readImputation(reading) };
  if (name === null) return null;
  const bound = readLimit(reading);
  // In a list, a metric with a limit and no goal is watched, not searched for.
  const watched = bound !== null && path[0] === 'metrics' && !node.entries.has('goal');
  // Of what is only watched, the best value is the one furthest within.
  const inward = bound?.keep === 'below' ? 'minimize' : 'maximize';
  const limit = bound && { name, goal: watched ? inward : rest.goal, value: rest.value, ...bound };
  return { objective: watched ? null : { name, ...rest }, limit };
}

/** `constraint: '<= 50'`. */
function readLimit({ node, path, report }: MetricReading): Bound | null {
  const entry = node.entries.get('constraint');
  return (entry && readExtension(entry, [...path, 'constraint'], comparison, report)) ?? null;
}

type Bound = Pick<MetricLimit, 'keep' | 'bound'>;

const comparison: Reader<Bound> = (limit) => {
  const found = limit.kind === 'scalar' ? /^(<=|>=)\s*(\S+)$/.exec(limit.source.trim()) : null;
  const bound = Number(found?.[2] ?? Number.NaN);
  if (found === null || !Number.isFinite(bound)) {
    return { ok: false, expected: 'a comparison with a number', hint: "write `constraint: '<= 50'` or `'>= 0.9'`" };
  }
  return { ok: true, value: { keep: found[1] === '<=' ? 'below' : 'above', bound } };
};

/** What makes a metric useless; how bad that is depends on the method. */
interface Complaint {
  /** E-METRIC-SHAPE when absent. */
  readonly code?: FindingCode;
  readonly at: Node['at'];
  /** Of the metric; the whole of it when absent. */
  readonly key?: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

interface MetricReading {
  readonly node: MapNode;
  readonly path: Path;
  readonly report: Report;
  complain(complaint: Complaint): void;
}

function readName({ node, complain }: MetricReading): string | null {
  const entry = node.entries.get('name');
  if (entry === undefined) {
    const message = 'the metric has no `name`';
    complain({ code: 'E-METRIC-NAME', at: node.at, key: 'name', message, hint: 'name it exactly as the program logs it' });
    return null;
  }
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'string' && entry.value.value !== '') return entry.value.value;
  const message = `the metric's \`name\` must be text, not ${describeNode(entry.value)}`;
  complain({ code: 'E-METRIC-NAME', at: entry.value.at, key: 'name', message });
  return null;
}

function readGoal({ node, path, report }: MetricReading): Goal {
  const entry = node.entries.get('goal');
  if (entry === undefined) return 'minimize';
  const read = choice(['minimize', 'maximize'])(entry.value);
  if (read.ok) return read.value;
  const message = `\`goal\` must be minimize or maximize, not ${describeNode(entry.value)}; minimize is used`;
  const word = entry.value.kind === 'scalar' ? entry.value.source : '';
  const hint = /^max/i.test(word) ? 'did you mean `maximize`?' : suggestion(word, ['minimize', 'maximize']);
  report.add({ code: 'E-METRIC-GOAL', at: entry.value.at, path: [...path, 'goal'], message, hint });
  return 'minimize';
}

function readTarget({ node, complain }: MetricReading): number | null {
  const entry = node.entries.get('target');
  if (entry === undefined) return null;
  const number = plainNumber(entry.value);
  if (number !== null) return number;
  const message = `\`target\` must be a number, not ${describeNode(entry.value)}`;
  complain({ at: entry.value.at, key: 'target', message, hint: 'YAML 1.1 reads 1e-3 as text; write 1.0e-3' });
  return null;
}

/** W&B's own key: text such as `1e-3` is no number here. */
function plainNumber(node: Node): number | null {
  if (node.kind !== 'scalar') return null;
  const read = numberOf(node);
  return read === null || read.fromText || Number.isNaN(read.value) ? null : read.value;
}

function readValue({ node, path, report }: MetricReading): 'last' | 'best' {
  const entry = node.entries.get('value');
  return (entry && readExtension(entry, [...path, 'value'], choice(['best', 'last']), report)) ?? 'last';
}

function readImputation({ node, path, report, complain }: MetricReading): { impute?: Imputation; imputeWhileRunning?: Imputation } {
  const found: { impute?: Imputation; imputeWhileRunning?: Imputation } = {};
  const impute = node.entries.get('impute');
  const word = impute && choice(imputations)(impute.value);
  if (word?.ok) found.impute = word.value;
  else if (impute !== undefined) {
    const message = `\`impute\` must be one of ${imputations.join(', ')}, not ${describeNode(impute.value)}; it is dropped`;
    report.add({ code: 'E-METRIC-SHAPE', at: impute.value.at, path: [...path, 'impute'], message });
  }
  const running = node.entries.get('impute_while_running');
  if (running === undefined) return found;
  const at = running.value.at;
  if (running.value.kind === 'scalar' && running.value.value === false) {
    const message = '`false` is read as the text "false"';
    report.add({
      code: 'N-BOOL-TEXT',
      at,
      path: [...path, 'impute_while_running'],
      message,
      hint: 'write "false" in quotes, as W&B wants it',
    });
    return found;
  }
  const whileRunning = choice([...imputations, 'false'])(running.value);
  if (!whileRunning.ok) {
    const message = `\`impute_while_running\` must be one of ${imputations.join(', ')} or "false", not ${describeNode(running.value)}`;
    complain({ at, key: 'impute_while_running', message });
  } else if (whileRunning.value !== 'false') found.imputeWhileRunning = whileRunning.value;
  return found;
}
