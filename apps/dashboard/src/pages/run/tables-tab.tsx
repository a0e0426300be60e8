/** Tables that the program logged, the newest of each key or that of another step. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { firstDocumentQuery, type PlacedFile } from '../../data/file-queries.js';
import { mediaQuery, seriesQuery } from '../../data/run-queries.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { tableTypes } from './media-values.js';
import type { RunPart } from './run-part.js';
import { StepSlider } from './step-slider.js';
import { tableIn, tablePlaces } from './table-rows.js';
import { TableView } from './table-view.js';

export default function TablesTab({ run, live }: RunPart): ReactNode {
  const series = useQuery(seriesQuery(run.id, live));
  return (
    <Loaded query={series} what="its tables">
      {({ items }) => {
        const keys = items.filter(({ kind }) => tableTypes.has(kind)).map(({ name }) => name);
        if (keys.length === 0) {
          return (
            <Empty title="No tables">
              <code>wandb.log({'{"predictions": wandb.Table(columns=[…], data=[…])}'})</code> shows one here.
            </Empty>
          );
        }
        return keys.map((key) => <KeyTable key={key} run={run.id} name={key} live={live} />);
      }}
    </Loaded>
  );
}

function KeyTable({ run, name, live }: { readonly run: string; readonly name: string; readonly live: boolean }): ReactNode {
  const query = useQuery(mediaQuery(run, [name], live));
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <section className="run-section" aria-label={name}>
      <h2>{name}</h2>
      <Loaded query={query} what={name}>
        {({ items }) => {
          const steps = items.map(({ step }) => step);
          const shown = items.find(({ step }) => step === chosen) ?? items.at(-1);
          if (shown === undefined) return <p className="muted">Not logged yet.</p>;
          return (
            <>
              <StepSlider steps={steps} step={shown.step} onStep={setChosen} name={name} />
              <TableOfStep places={tablePlaces(run, shown.value)} name={name} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function TableOfStep({ places, name }: { readonly places: readonly PlacedFile[]; readonly name: string }): ReactNode {
  if (places.length === 0) return <p className="muted">What was logged names no file.</p>;
  return <ReadTable places={places} name={name} />;
}

function ReadTable({ places, name }: { readonly places: readonly PlacedFile[]; readonly name: string }): ReactNode {
  const query = useQuery(firstDocumentQuery(places));
  const table = useMemo(() => tableIn(query.data?.documents ?? []), [query.data]);
  return (
    <Loaded query={query} what={name}>
      {({ home }) =>
        table === null ? (
          <p className="muted">The file {places[0]!.path} holds no table.</p>
        ) : (
          <TableView table={table} label={name} home={home} />
        )
      }
    </Loaded>
  );
}
