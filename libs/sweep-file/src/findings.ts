/**
 * What is said about a sweep file: the codes, how bad each is, and the collector that gives every finding its line and column.
 *
 * Owns codes and severities. Who finds what is elsewhere; showing findings to people is render-findings'.
 */
import { LineCounter } from 'yaml';
import type { Place } from './yaml-dialect/tree.js';

export type Severity = 'error' | 'warning' | 'notice';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Dotted path into the file, such as `parameters.lr.min`; empty for the whole file. */
  readonly path: string;
  /** 1-based, as is `column`; both point at the offending token. */
  readonly line: number;
  readonly column: number;
  /** Of the offending token, cut at the end of its first line; at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to do about it; empty when the message says it all. */
  readonly hint: string;
}

/** An `E-` code whose mistake W&B only reports is a warning: the sweep is created. */
const severities = {
  'E-YAML': 'error',
  'E-DATE': 'error',
  'E-NOTMAP': 'error',
  'E-AMBIG': 'error',
  'E-METHOD-MISSING': 'error',
  'E-METHOD': 'error',
  'E-METHOD-CUSTOM': 'error',
  'E-LAUNCH': 'error',
  'E-ENGINE': 'warning',
  'N-MODULE': 'notice',
  'N-EXTERNAL': 'notice',
  'E-SCHEDULER': 'warning',
  'E-PARAMS-MISSING': 'error',
  'E-PARAMS-EMPTY': 'error',
  'E-PARAM-NOTMAP': 'error',
  'E-PARAM-SHAPE': 'error',
  'E-PARAM-NAME': 'warning',
  'E-MINMAX': 'error',
  'E-PROB-LEN': 'warning',
  'E-PROB-SUM': 'warning',
  'W-DEPRECATED': 'warning',
  'E-GRID-TYPE': 'error',
  'E-BAYES-EMPTY': 'error',
  'E-METRIC-MISSING': 'error',
  'E-METRIC-NAME': 'warning',
  'E-METRIC-GOAL': 'warning',
  'E-METRIC-SHAPE': 'warning',
  'E-METRICS': 'warning',
  'E-ET': 'warning',
  'E-UNKNOWN-KEY': 'warning',
  'E-RUNCAP': 'warning',
  'E-COMMAND': 'warning',
  'E-TYPE': 'warning',
  'E-MACRO': 'error',
  'E-PROGRAM': 'error',
  'N-PROGRAM': 'notice',
  'E-EXT-KEY': 'error',
  'E-EXT-VALUE': 'error',
  'E-WHEN': 'error',
  'E-CONSTRAINT': 'error',
  'E-ZIP': 'error',
  'N-NUMBER-TEXT': 'notice',
  'N-AMBIGUOUS': 'notice',
  'N-BOOL-TEXT': 'notice',
  'N-MACRO': 'notice',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof severities;

export const findingCodes = Object.keys(severities) as readonly FindingCode[];

export interface Remark {
  readonly code: FindingCode;
  readonly at: Place;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where the table's severity depends on the method. */
  readonly severity?: Severity;
}

export class Report {
  private readonly remarks: Remark[] = [];

  add(remark: Remark): void {
    this.remarks.push(remark);
  }

  get refused(): boolean {
    return this.remarks.some((remark) => severityOf(remark) === 'error');
  }

  /** In order of place, so that a reader goes through the file once. */
  findings(text: string): readonly Finding[] {
    const lines = new LineCounter();
    for (let at = 0; at !== -1; at = nextLine(text, at)) lines.addNewLine(at);
    return this.remarks
      .map((remark, index) => ({ remark, index }))
      .sort((a, b) => a.remark.at.offset - b.remark.at.offset || a.index - b.index)
      .map(({ remark }) => toFinding(remark, text, lines));
  }
}

function severityOf(remark: Remark): Severity {
  return remark.severity ?? severities[remark.code];
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? -1 : end + 1;
}

function toFinding(remark: Remark, text: string, lines: LineCounter): Finding {
  const offset = Math.min(Math.max(remark.at.offset, 0), text.length);
  const { line, col } = lines.linePos(offset);
  const lineEnd = text.indexOf('\n', offset);
  const room = (lineEnd === -1 ? text.length : lineEnd) - offset;
  return {
    code: remark.code,
    severity: severityOf(remark),
    path: remark.path.join('.'),
    line,
    column: col,
    length: Math.max(1, Math.min(remark.at.length, room)),
    message: remark.message,
    hint: remark.hint ?? '',
  };
}
