/**
 * A chart of Vega or Vega-Lite. Expressions are interpreted, not compiled, so that the page's policy needs no exception; nothing is loaded from
 * anywhere: the data are given, and the loader refuses every address.
 */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Loader, parse, type Spec, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type Palette, usePalette } from '../../charts/drawing/palette.js';
import { colourAt } from '../../charts/maths/colours.js';
import { messageOf } from '../../data/errors.js';

export interface VegaViewProps {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly label: string;
}

const height = 220;

export default function VegaView({ spec, rows, label }: VegaViewProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const palette = usePalette();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const shown = show(
      place.current!,
      isVega(spec) ? filled(spec, rows, place.current!.clientWidth) : whole(spec, rows, palette, place.current!.clientWidth),
    );
    shown.done.then(
      () => setProblem(null),
      (error: unknown) => setProblem(messageOf(error)),
    );
    return shown.remove;
  }, [spec, rows, palette]);
  return (
    <>
      <div ref={place} className="vega-view" role="img" aria-label={label} />
      {problem !== null && <p className="problem">This chart cannot be drawn: {problem}</p>}
    </>
  );
}

const refused = (address: string): never => {
  throw new Error(`a chart may not read ${address}`);
};
const noLoader: Loader = {
  load: async (uri: string) => refused(uri),
  sanitize: async (uri: string) => refused(uri),
  http: async (uri: string) => refused(uri),
  file: async (uri: string) => refused(uri),
};

function show(place: HTMLElement, spec: TopLevelSpec | Spec) {
  let view: View | null = null;
  const begin = async (): Promise<void> => {
    const vega = isVega(spec) ? (spec as Spec) : compile(spec as TopLevelSpec).spec;
    view = new View(parse(vega, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: 'canvas',
      loader: noLoader,
      hover: true,
    });
    await view.initialize(place).runAsync();
  };
  return { done: begin(), remove: () => void view?.finalize() };
}

const isVega = ({ $schema }: { readonly $schema?: unknown }): boolean => typeof $schema === 'string' && $schema.includes('/vega/');

/** What W&B calls the data of a chart. */
const dataName = 'wandb';

/** Into the room there is, on our own ground. */
const fitting = (width: number) =>
  ({ width: Math.max(80, width), height, autosize: { type: 'fit', contains: 'padding' }, background: 'transparent' }) as const;

/** Says itself how everything looks. */
function filled(spec: VegaViewProps['spec'], rows: VegaViewProps['rows'], width: number): Spec {
  const sources = Array.isArray(spec['data']) ? (spec['data'] as readonly { readonly name?: string }[]) : [];
  const values = rows.map((row) => ({ ...row }));
  return {
    ...spec,
    ...fitting(width),
    data: sources.map((source) => (source.name === dataName ? { ...source, values } : source)),
  } as Spec;
}

/** Drawn in our colours. */
function whole(spec: VegaViewProps['spec'], rows: VegaViewProps['rows'], palette: Palette, width: number): TopLevelSpec {
  const text = { labelColor: palette.muted, titleColor: palette.muted, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal' };
  return {
    ...spec,
    ...fitting(width),
    data: { name: dataName, values: rows.map((row) => ({ ...row })) },
    config: {
      axis: { ...text, gridColor: palette.rule, domainColor: palette.faint, tickColor: palette.faint },
      legend: { ...text, orient: 'bottom', columns: 4 },
      view: { stroke: null },
      text: { color: palette.text },
      mark: { color: palette.accent, tooltip: null },
      range: { category: Array.from({ length: 12 }, (_, i) => colourAt(i, palette.theme)) },
    },
  } as unknown as TopLevelSpec;
}
