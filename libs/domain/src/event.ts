/** What the outside may watch: one numbered event for each commit that changed something. */

import type { AgentState } from './agent.js';
import type { AgentId, ProjectId, RunId, SweepId, TrialId } from './ids.js';
import type { SweepState } from './sweep.js';
import type { TrialState } from './trial.js';

export type SweepEventRecord =
  | { readonly kind: 'sweep.created'; readonly sweep: SweepId }
  | { readonly kind: 'sweep.state'; readonly sweep: SweepId; readonly state: SweepState; readonly reason: string | null }
  | { readonly kind: 'sweep.edited'; readonly sweep: SweepId; readonly revision: number }
  | { readonly kind: 'sweep.deleted'; readonly sweep: SweepId }
  | {
      readonly kind: 'trial.state';
      readonly sweep: SweepId;
      readonly trial: TrialId;
      readonly number: number;
      readonly state: TrialState;
      readonly attempt: number;
    }
  | { readonly kind: 'decision'; readonly sweep: SweepId; readonly trial: TrialId | null; readonly text: string }
  | { readonly kind: 'agent.state'; readonly agent: AgentId; readonly state: AgentState }
  | { readonly kind: 'agent.quarantine'; readonly agent: AgentId; readonly quarantined: boolean }
  | { readonly kind: 'run.files'; readonly run: RunId }
  /** People edited, deleted or brought back runs of this project. */
  | { readonly kind: 'runs.changed'; readonly project: ProjectId }
  /** Of a run without a trial. */
  | { readonly kind: 'run.state'; readonly run: RunId; readonly state: string };

/** A recorded "why". */
export interface Decision {
  readonly sweep: SweepId;
  readonly trial: TrialId | null;
  readonly about: 'proposed' | 'stopped' | 'continued' | 'retried' | 'waiting' | 'sampler' | 'returned' | 'quarantined';
  readonly text: string;
  readonly at: number;
}
