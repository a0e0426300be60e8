/**
 * What every chart has around its drawing: title and unit, files to take, full screen, an empty state, and its content in words.
 *
 * Owns none of the drawing.
 */
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import type { ChartHeading } from '../chart-data.js';
import { type Picture, saveCsv, savePng, saveSvg } from './export-files.js';
import type { Size } from './painter.js';
import { usePalette } from './palette.js';
import './charts.css';

export interface ChartFrameProps extends ChartHeading {
  /** There is nothing to draw. */
  readonly isEmpty: boolean;
  /** The content in a sentence or two, for those who do not see it. */
  readonly words: string;
  readonly picture: Picture;
  /** Null until the drawing has a size. */
  readonly size: Size | null;
  readonly csv: () => string;
  readonly onKey?: (event: KeyboardEvent) => void;
  /** CSS pixels; where there are fewer, the drawing is scrolled sideways. */
  readonly leastWidth?: number;
  /** Controls of the chart itself, beside the title. */
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}

export const usualHeight = 240;

export function ChartFrame(props: ChartFrameProps): ReactNode {
  const { title, unit, isEmpty, height = usualHeight } = props;
  const figure = useRef<HTMLElement>(null);
  const id = useId();
  return (
    <figure ref={figure} className="chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <span id={`${id}-title`} className="chart-title" title={title}>
          {title}
          {unit !== undefined && <span className="chart-unit"> ({unit})</span>}
        </span>
        <span className="chart-tools">
          {!isEmpty && props.tools}
          {!isEmpty && <ChartActions frame={props} figure={figure} />}
        </span>
      </figcaption>
      {isEmpty ? (
        <div className="chart-empty" style={{ minHeight: Math.min(height, 120) }}>
          {props.empty}
        </div>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would promise fields
        <div
          role="group"
          className={props.leastWidth === undefined ? 'chart-plot' : 'chart-plot chart-plot-wide'}
          style={{ height }}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the drawing is operated by keys, and its name and words tell how it stands
          tabIndex={0}
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-words`}
          onKeyDown={props.onKey}
        >
          <div className="chart-room" style={{ minWidth: props.leastWidth }}>
            {props.children}
          </div>
        </div>
      )}
      <p id={`${id}-words`} className="chart-words">
        {isEmpty ? props.empty : props.words}
      </p>
    </figure>
  );
}

function ChartActions({
  frame,
  figure,
}: {
  readonly frame: ChartFrameProps;
  readonly figure: React.RefObject<HTMLElement | null>;
}): ReactNode {
  const palette = usePalette();
  const { title, unit, picture, size, csv } = frame;
  const whole = unit === undefined ? title : `${title} (${unit})`;
  const exported = size === null ? null : { title: whole, picture, size, palette };
  const toggle = () => (document.fullscreenElement === null ? figure.current!.requestFullscreen() : document.exitFullscreen());
  return (
    <span className="chart-actions">
      <button type="button" aria-label={`${title}: save as PNG`} onClick={() => exported !== null && void savePng(exported)}>
        PNG
      </button>
      <button type="button" aria-label={`${title}: save as SVG`} onClick={() => exported !== null && saveSvg(exported)}>
        SVG
      </button>
      <button type="button" aria-label={`${title}: save the data as CSV`} onClick={() => saveCsv(title, csv())}>
        CSV
      </button>
      <button type="button" aria-label={`${title}: full screen`} onClick={() => void toggle()}>
        Full screen
      </button>
    </span>
  );
}
