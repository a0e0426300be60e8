/** The keys of one parameter, read by type; the first thing that does not fit is kept as the parameter's fault. */
import type { ParamValue, Step } from '@sweep/optimizer';
import { describeNode } from '../describe-node.js';
import type { Report } from '../findings.js';
import { asYamlNumber, type FileNumber, numberOf } from '../numbers.js';
import { type Entry, type MapNode, type Node, type Place, toValue } from '../yaml-dialect/tree.js';

export interface Fault {
  readonly at: Place;
  readonly path: readonly string[];
  readonly message: string;
  readonly hint?: string | undefined;
}

interface Limits {
  readonly atLeast?: number;
  readonly above?: number;
}

export class Fields {
  private first: Fault | null = null;

  constructor(
    private readonly node: MapNode,
    private readonly path: readonly string[],
    private readonly report: Report,
  ) {}

  get fault(): Fault | null {
    return this.first;
  }

  blame(fault: Fault): void {
    this.first ??= fault;
  }

  value(key: string): ParamValue {
    const entry = this.entry(key);
    return entry === undefined ? null : toValue(entry.value);
  }

  choices(): readonly ParamValue[] {
    const entry = this.entry('values');
    if (entry === undefined) return [];
    const { value } = entry;
    if (value.kind === 'list' && value.items.length > 0) return value.items.map(toValue);
    this.blameKey('values', value, `\`values\` must be a list with at least one value, not ${describeNode(value)}`);
    return [];
  }

  probabilities(): readonly number[] {
    const entry = this.entry('probabilities');
    if (entry === undefined) return [];
    if (entry.value.kind !== 'list') {
      this.blameKey('probabilities', entry.value, `\`probabilities\` must be a list of numbers, not ${describeNode(entry.value)}`);
      return [];
    }
    const numbers = entry.value.items.map((item) => this.probability(item));
    const sum = numbers.reduce((total, each) => total + each, 0);
    if (sum === 0) this.blameKey('probabilities', entry.value, '`probabilities` are all 0: no value can ever be chosen');
    this.compareProbabilities(entry, numbers.length, sum);
    return numbers;
  }

  private probability(item: Node): number {
    const read = numberOf(item);
    if (read !== null && !read.fromText && read.value >= 0 && Number.isFinite(read.value)) return read.value;
    this.blameKey('probabilities', item, `a probability must be a number of at least 0, not ${describeNode(item)}`);
    return 0;
  }

  private compareProbabilities(entry: Entry, count: number, sum: number): void {
    if (this.first !== null) return;
    const values = this.choices().length;
    const path = [...this.path, 'probabilities'];
    const at = entry.value.at;
    if (count !== values) {
      const message = `\`probabilities\` has ${count} entries for ${values} \`values\``;
      this.report.add({ code: 'E-PROB-LEN', at, path, message, hint: 'give each value its probability' });
    }
    // The tolerance of numpy.isclose.
    if (Math.abs(sum - 1) > 1e-8 + 1e-5) {
      const message = `\`probabilities\` sum to ${Number(sum.toPrecision(6))}, not to 1`;
      this.report.add({ code: 'E-PROB-SUM', at, path, message });
    }
  }

  number(key: string, fallback: number, limits: Limits = {}): number {
    const entry = this.entry(key);
    if (entry === undefined) return fallback;
    const { atLeast = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = limits;
    const { value } = this.finite(entry);
    if (value < atLeast || value <= above) {
      const limit = value < atLeast ? `at least ${atLeast}` : `above ${above}`;
      this.blameKey(key, entry.value, `\`${key}\` must be ${limit}, not ${describeNode(entry.value)}`);
    }
    return value;
  }

  step(): Step {
    const entry = this.entry('q');
    if (entry === undefined) return { size: 1, int: false };
    const { int } = this.finite(entry);
    return { size: this.number('q', 1, { above: 0 }), int };
  }

  range(sign: 'any' | 'positive'): { min: number; max: number } {
    const limits = sign === 'positive' ? { above: 0 } : {};
    return this.ordered(this.number('min', 0, limits), this.number('max', 1, limits));
  }

  intRange(): { min: number; max: number } {
    for (const key of ['min', 'max']) {
      const entry = this.entry(key);
      const read = entry && this.finite(entry);
      if (entry === undefined || read === undefined || (read.int && Number.isSafeInteger(read.value))) continue;
      const hint = read.int ? 'ints are exact up to 2^53' : `write ${Math.round(read.value)}, or take \`distribution: uniform\``;
      this.blameKey(key, entry.value, `\`${key}\` of int_uniform must be written as an int, not ${describeNode(entry.value)}`, hint);
    }
    return this.range('any');
  }

  /** W&B reports an empty range twice; the two findings name its two ends. */
  private ordered(min: number, max: number): { min: number; max: number } {
    if (this.first === null && min >= max) {
      for (const key of ['min', 'max']) {
        const at = this.entry(key)?.value.at ?? this.node.at;
        const message = `\`min\` (${min}) is not less than \`max\` (${max})`;
        const hint = min === max ? 'for a single value write `value:`' : 'swap them';
        this.report.add({ code: 'E-MINMAX', at, path: [...this.path, key], message, hint });
      }
    }
    return { min, max };
  }

  private finite(entry: Entry): FileNumber {
    const read = numberOf(entry.value);
    if (read !== null && Number.isFinite(read.value)) {
      if (read.fromText) this.noteText(entry, read.value);
      return read;
    }
    const message = `\`${entry.source}\` must be a finite number, not ${describeNode(entry.value)}`;
    const quoted = entry.value.kind === 'scalar' && !entry.value.plain && Number.isFinite(Number.parseFloat(entry.value.source));
    this.blameKey(entry.source, entry.value, message, quoted ? 'a quoted number is text: remove the quotes' : undefined);
    return { value: 0, int: false, fromText: false };
  }

  private readonly noted = new Set<string>();

  private noteText(entry: Entry, value: number): void {
    if (entry.value.kind !== 'scalar' || this.noted.has(entry.source)) return;
    this.noted.add(entry.source);
    this.report.add({
      code: 'N-NUMBER-TEXT',
      at: entry.value.at,
      path: [...this.path, entry.source],
      message: `\`${entry.value.source}\` is text in YAML 1.1; it is read as the number ${value}`,
      hint: `write ${asYamlNumber(entry.value)} so that every tool reads a number`,
    });
  }

  private entry(key: string): Entry | undefined {
    return this.node.entries.get(key);
  }

  private blameKey(key: string, node: Node, message: string, hint?: string): void {
    this.blame({ at: node.at, path: [...this.path, key], message, hint });
  }
}
