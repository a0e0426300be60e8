/** Why a queued trial does not run, in words. Pure. Whether it is queued is the caller's to know. */
import { type Agent, misfit, type Resources, type SweepState, type Trial, takesWork } from '@sweep/domain';

export interface WaitingInput {
  readonly trial: Trial;
  readonly sweep: { readonly id: string; readonly state: SweepState; readonly parallel: number | null; readonly pool: string };
  readonly running: number;
  readonly needs: Resources;
  readonly agents: readonly { readonly agent: Agent; readonly leases: number }[];
  readonly now: number;
}

export function whyWaiting({ trial, sweep, running, needs, agents, now }: WaitingInput): string {
  if (sweep.state === 'paused') return 'the sweep is paused';
  if (trial.notBefore !== null && trial.notBefore > now)
    return `waits ${Math.ceil((trial.notBefore - now) / 1000)} s before its next attempt (${trial.reason ?? 'back-off'})`;
  if (sweep.parallel !== null && running >= sweep.parallel) return `${running} trials run at once, as many as \`parallel\` allows`;
  const usable = agents.filter(({ agent }) => agent.sweep === null || agent.sweep === sweep.id);
  const away = usable.filter(({ agent }) => agent.quarantine !== null);
  if (away.length > 0 && away.length === usable.length)
    return `every agent is quarantined; look at them with \`sweep agents show ${away[0]!.agent.id}\`, then \`sweep agents resume\` it`;
  if (usable.length === 0) return `no agent is online in pool "${sweep.pool}": start one with \`sweep agent\``;
  const fits = usable.filter(
    ({ agent }) => takesWork(agent) && agent.slots.some((slot) => misfit(agent.machine, slot, agent.slots.length, needs) === null),
  );
  if (fits.length === 0) {
    const { agent } = usable[0]!;
    const lacks = agent.slots[0] === undefined ? 'it has no slot' : misfit(agent.machine, agent.slots[0], agent.slots.length, needs);
    return `no agent has what a trial needs; ${agent.name}: ${lacks}`;
  }
  if (fits.every(({ agent, leases }) => leases >= agent.slots.length))
    return `all ${fits.reduce((sum, { agent }) => sum + agent.slots.length, 0)} slots are busy`;
  return 'about to be handed out';
}
