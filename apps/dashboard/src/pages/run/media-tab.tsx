/** Pictures, sounds, films and pages that the program logged, step by step. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { homeOfRun } from '../../data/file-queries.js';
import { mediaQuery, seriesQuery } from '../../data/run-queries.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { type MediaKind, mediaItems, mediaKind } from './media-values.js';
import { MediaView } from './media-view.js';
import { InSight } from './metric-charts.js';
import type { RunPart } from './run-part.js';
import { StepSlider } from './step-slider.js';

export default function MediaTab({ run, live }: RunPart): ReactNode {
  const series = useQuery(seriesQuery(run.id, live));
  return (
    <Loaded query={series} what="its media">
      {({ items }) => {
        const keys = items.flatMap(({ name, kind }) => {
          const media = mediaKind(kind);
          return media === null ? [] : [{ name, kind: media }];
        });
        if (keys.length === 0) {
          return (
            <Empty title="No media">
              <code>wandb.log({'{"sample": wandb.Image(array)}'})</code> shows a picture here; Audio, Video and Html work as well.
            </Empty>
          );
        }
        return keys.map(({ name, kind }) => (
          <InSight key={name} height={200}>
            <KeyMedia run={run.id} name={name} kind={kind} live={live} />
          </InSight>
        ));
      }}
    </Loaded>
  );
}

interface KeyMediaProps {
  readonly run: string;
  readonly name: string;
  readonly kind: MediaKind;
  readonly live: boolean;
}

function KeyMedia({ run, name, kind, live }: KeyMediaProps): ReactNode {
  const query = useQuery(mediaQuery(run, [name], live));
  const home = useMemo(() => homeOfRun(run), [run]);
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <section className="run-section" aria-label={name}>
      <h2>{name}</h2>
      <Loaded query={query} what={name}>
        {({ items }) => {
          const shown = items.find(({ step }) => step === chosen) ?? items.at(-1);
          if (shown === undefined) return <p className="muted">Not logged yet.</p>;
          return (
            <>
              <StepSlider steps={items.map(({ step }) => step)} step={shown.step} onStep={setChosen} name={name} />
              <div className="media-items">
                {mediaItems(shown.value).map((item) => (
                  <MediaView key={item.path} home={home} kind={kind} item={item} name={name} />
                ))}
              </div>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
