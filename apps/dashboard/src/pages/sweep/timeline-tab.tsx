/** When which slot was at work, and when it was not. */
import type { SweepTimelineView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TimelineBar } from '../../charts/chart-data.js';
import { Timeline } from '../../charts/timeline.js';
import { timelineQuery } from '../../data/sweep-queries.js';
import { useNow } from '../../ui/now.js';
import { Loaded } from '../../ui/panels.js';
import type { SweepParts } from './parts.js';

export default function TimelineTab(parts: SweepParts) {
  const timeline = useQuery(timelineQuery(parts.sweep.id));
  return (
    <Loaded query={timeline} what="the timeline">
      {(view) => <Lanes {...parts} timeline={view} />}
    </Loaded>
  );
}

function Lanes({ sweep, trials, selection, timeline }: SweepParts & { readonly timeline: SweepTimelineView }) {
  const clock = useNow();
  const ended = sweep.endedAt !== null;
  const now = sweep.endedAt === null ? clock : Date.parse(sweep.endedAt);
  const bars = useMemo(() => barsOf(timeline, new Map(trials.map(({ number, id }) => [number, id]))), [timeline, trials]);
  const lanes = timeline.agents.flatMap(({ name, slots }) => Array.from({ length: slots }, (_, slot) => ({ agent: name, slot })));
  return (
    <Timeline
      title="Trials by slot"
      empty="No trial has started yet."
      bars={bars}
      lanes={lanes}
      now={now}
      ended={ended}
      selection={selection}
    />
  );
}

/** One bar an attempt. An attempt that was lost is drawn as a failed one; its trial went on elsewhere. */
function barsOf(timeline: SweepTimelineView, ids: ReadonlyMap<number, string>): readonly TimelineBar[] {
  return timeline.trials.flatMap((number, index) => {
    const id = ids.get(number);
    if (id === undefined) return [];
    const [state, attempt] = [timeline.states[index]!, timeline.attempts[index]!];
    return [
      {
        id,
        label: attempt === 1 ? `Trial ${number}` : `Trial ${number}, attempt ${attempt}`,
        agent: timeline.agents[timeline.agent[index]!]!.name,
        slot: timeline.slot[index]!,
        state: state === 'lost' ? 'failed' : state,
        start: timeline.startedAt[index]!,
        end: timeline.endedAt[index]!,
      },
    ];
  });
}
