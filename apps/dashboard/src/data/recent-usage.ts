/** What machines used during the last minutes, as far as this browser has seen it. Pure. */
import type { AgentView } from '@sweep/api';

type Usage = NonNullable<AgentView['usage']>;

/** By agent, the oldest first. */
export type RecentUsage = Readonly<Record<string, readonly Usage[]>>;

export const recentMs = 5 * 60_000;

/** With what these agents say now; what is too old, and whose agent is gone, is forgotten. */
export function remember(before: RecentUsage, agents: readonly Pick<AgentView, 'id' | 'usage'>[]): RecentUsage {
  return Object.fromEntries(
    agents.flatMap(({ id, usage }) => {
      if (usage === null) return [];
      const earlier = (before[id] ?? []).filter(({ at }) => Date.parse(at) > Date.parse(usage.at) - recentMs && at < usage.at);
      return [[id, [...earlier, usage]]];
    }),
  );
}

/** Readings that may be missed before a figure is called old. */
const staleAfterSeconds = 20;

/** @param sinceReadMs since the controller answered */
export const isStale = ({ ageSeconds }: Usage, sinceReadMs: number): boolean => ageSeconds + sinceReadMs / 1000 > staleAfterSeconds;

export interface SparkPoint {
  /** 0: the oldest that is shown, 1: now. */
  readonly x: number;
  /** 0 to 1 of the most that it can be. */
  readonly y: number;
}

/** Runs of a line: it is broken where a figure is not known. */
export function sparkOf(
  samples: readonly Usage[],
  figure: (usage: Usage) => number | null | undefined,
  most: number,
): readonly (readonly SparkPoint[])[] {
  const end = Date.parse(samples.at(-1)?.at ?? '');
  const lines: SparkPoint[][] = [[]];
  for (const usage of samples) {
    const value = figure(usage);
    if (value === null || value === undefined) lines.push([]);
    else lines.at(-1)!.push({ x: 1 - (end - Date.parse(usage.at)) / recentMs, y: most <= 0 ? 0 : Math.min(1, Math.max(0, value / most)) });
  }
  return lines.filter((line) => line.length > 1);
}
