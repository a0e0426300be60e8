/** The first line of the pages of machines and of the queue: is everything at work, and if not, why? Pure. */
import type { AgentView, WaitingView } from '@sweep/api';

const here = new Set<AgentView['state']>(['online', 'draining']);

export interface Slots {
  readonly total: number;
  readonly busy: number;
}

/** Of the machines that are connected. */
export function slotsOf(agents: readonly AgentView[]): Slots {
  const slots = agents.filter(({ state }) => here.has(state)).flatMap((agent) => agent.slots);
  return { total: slots.length, busy: slots.filter(({ trial }) => trial !== null).length };
}

/** @param waiting null until it is known */
export function answerOfAgents(agents: readonly AgentView[], waiting: readonly WaitingView[] | null): string {
  if (agents.length === 0) return 'No machine has ever connected.';
  const connected = agents.filter(({ state }) => here.has(state)).length;
  const { total, busy } = slotsOf(agents);
  const machines = connected === 1 ? '1 machine is connected' : `${connected} machines are connected`;
  if (total === 0)
    return `${machines}; nothing can run${waiting === null || waiting.length === 0 ? '' : `, and ${count(waiting.length)}`}.`;
  if (busy === total) return `${machines}; ${total === 1 ? 'its slot is' : `all ${total} slots are`} busy.`;
  const idle = `${total - busy} of ${total} slots idle`;
  if (waiting === null) return `${machines}; ${idle}.`;
  return `${machines}; ${idle}: ${waiting.length === 0 ? 'nothing is queued' : why(waiting)}.`;
}

export function answerOfQueue(waiting: readonly WaitingView[]): string {
  if (waiting.length === 0) return 'Nothing waits.';
  return `${count(waiting.length)}: ${why(waiting)}.`;
}

const count = (n: number): string => (n === 1 ? '1 trial waits' : `${n} trials wait`);

/** The reason of most. */
function why(waiting: readonly WaitingView[]): string {
  const counts = new Map<string, number>();
  for (const { waitingFor } of waiting) counts.set(waitingFor, (counts.get(waitingFor) ?? 0) + 1);
  const [[reason, n] = ['', 0]] = [...counts].toSorted(([, a], [, b]) => b - a);
  return counts.size === 1 ? reason : `${n} of them because ${reason}`;
}
