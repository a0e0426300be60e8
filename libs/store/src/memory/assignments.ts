/** What W&B's agents were told to run, in the twin. */
import type { AgentId, LeaseId } from '@sweep/domain';
import type { AgentAssignment, AssignmentStore } from '../store.js';
import type { MemoryState } from './state.js';

export class MemoryAssignments implements AssignmentStore {
  constructor(private readonly state: MemoryState) {}

  async find(agent: AgentId): Promise<AgentAssignment | null> {
    return this.state.assignments.get(agent) ?? null;
  }

  async put(agent: AgentId, assignment: Omit<AgentAssignment, 'preempting'>): Promise<void> {
    const before = this.state.assignments.get(agent);
    const preempting = before?.lease === assignment.lease && before.preempting;
    this.state.assignments.set(agent, { ...assignment, preempting });
  }

  async preempt(lease: LeaseId): Promise<void> {
    for (const [agent, assignment] of this.state.assignments)
      if (assignment.lease === lease) this.state.assignments.set(agent, { ...assignment, preempting: true });
  }
}
