/** The first line of the list of sweeps: is it going well? Pure. */
import type { SweepView } from '@sweep/api';

const live = new Set(['pending', 'running', 'stopping']);

export function answerOfSweeps(sweeps: readonly SweepView[]): string {
  const running = sweeps.filter(({ state }) => live.has(state));
  if (running.length === 0) return `Nothing runs. ${sweeps.length === 1 ? 'One sweep has' : `${sweeps.length} sweeps have`} been made.`;
  const sum = (count: (sweep: SweepView) => number): number => running.reduce((total, sweep) => total + count(sweep), 0);
  const [trials, queued, failed] = [
    sum(({ counts }) => counts.running),
    sum(({ counts }) => counts.queued),
    sum(({ counts }) => counts.failed),
  ];
  const sentences = [
    `${plural(running.length, 'sweep')} ${running.length === 1 ? 'goes' : 'go'} on: ${plural(trials, 'trial')} running, ${queued} waiting.`,
    ...(failed === 0 ? [] : [`${plural(failed, 'trial')} failed.`]),
  ];
  return sentences.join(' ');
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
