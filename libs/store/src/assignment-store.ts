/** What W&B's agents were told to run, kept so that any controller can answer their next heartbeat. Who holds a trial is its lease. */
import type { AgentId, LeaseId, RunId } from '@sweep/domain';

/** The last run that an agent was given. */
export interface AgentAssignment {
  readonly lease: LeaseId;
  readonly run: RunId;
  /** Milliseconds since the epoch, database clock; so is `stopSeenAt`. */
  readonly handedOutAt: number;
  /** Whether the agent has named it among its live runs. */
  readonly seenLive: boolean;
  /** Heartbeats since then that did not name it. */
  readonly missed: number;
  /** Of the first heartbeat at which the trial was to stop. */
  readonly stopSeenAt: number | null;
  /** The program said that its machine is about to go. */
  readonly preempting: boolean;
}

export interface AssignmentStore {
  find(agent: AgentId): Promise<AgentAssignment | null>;
  /** In place of an earlier one. Leaves `preempting` as it is for the same lease, and begins a new lease without. */
  put(agent: AgentId, assignment: Omit<AgentAssignment, 'preempting'>): Promise<void>;
  /** Does nothing unless the lease is that of an agent's last run. */
  preempt(lease: LeaseId): Promise<void>;
}
