/** What callers of the client choose: pages, filters, samples. */

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface SweepQuery extends PageQuery {
  readonly state?: readonly string[];
  readonly project?: string;
}
export interface TrialQuery extends PageQuery {
  readonly state?: readonly string[];
  /** An expression, as of runs. */
  readonly where?: string;
  /** `metrics.acc`, or `-metrics.acc` for largest first. */
  readonly sort?: string;
}

export interface RunSelection {
  readonly project?: string;
  /** An expression: expression.ts. */
  readonly where?: string;
}
export interface RunsQuery extends PageQuery, RunSelection {
  /** Names, each with a - before it for largest first. */
  readonly sort?: readonly string[];
  /** Only these of config and summary, each under the name given here; everything without. */
  readonly columns?: readonly string[];
  readonly ids?: readonly string[];
  /** Place to begin at, in place of a cursor. */
  readonly offset?: number;
}

export interface CurvesQuery {
  readonly keys: readonly string[];
  readonly samples?: number;
}

export interface ConsoleQuery {
  readonly stream?: string;
  /** A position that an answer named; 0 is the beginning. */
  readonly from?: number;
  /** Bytes, or lines. */
  readonly limit?: number;
  readonly attempt?: number;
}

export interface MetricsQuery {
  readonly keys?: readonly string[];
  /** 0 = every point. */
  readonly samples?: number;
  readonly attempt?: number;
}
