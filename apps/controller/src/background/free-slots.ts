/** How many slots of the online agents could run a sweep's trials, and how many of them are free. Pure. */
import { type Agent, misfit, type Resources, type SweepId, takesWork } from '@sweep/domain';

export function freeSlots(
  agents: readonly { readonly agent: Agent; readonly leases: number }[],
  sweep: SweepId,
  needs: Resources,
): { readonly total: number; readonly free: number } {
  let total = 0;
  let free = 0;
  for (const { agent, leases } of agents) {
    if (!takesWork(agent) || (agent.sweep !== null && agent.sweep !== sweep)) continue;
    const fitting = agent.slots.filter((slot) => misfit(agent.machine, slot, agent.slots.length, needs) === null).length;
    total += fitting;
    free += Math.min(fitting, Math.max(0, agent.slots.length - leases));
  }
  return { total, free };
}
