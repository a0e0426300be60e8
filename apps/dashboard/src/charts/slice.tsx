/** Results along one parameter, and what the model of the search says of it: its mean and within which 95 % lie. */
import { type ReactNode, useCallback } from 'react';
import type { SliceModel, SliceProps } from './chart-data.js';
import type { Plot } from './drawing/axes.js';
import { type Layer, PointPlot } from './drawing/point-plot.js';
import { pointRows, pointsCsv } from './drawing/point-words.js';

export function Slice(props: SliceProps): ReactNode {
  const { points, x, y, model } = props;
  const behind: Layer = useCallback(
    (painter, plot, palette) => {
      if (model === null) return;
      painter.area(bandPath(model, plot), { colour: palette.accent, alpha: 0.14 });
      painter.line(meanPath(model, plot), { colour: palette.accent, width: 1.5 });
    },
    [model],
  );
  return (
    <PointPlot
      {...props}
      behind={behind}
      alsoX={model === null || x.kind === 'category' ? [] : Array.from(model.x)}
      alsoY={model === null ? [] : Array.from(model.mean)}
      words={`${points.length} results of ${y.label} along ${x.label}${model === null ? '' : ', with the mean of the model and its 95 % interval'}.`}
      csv={() => pointsCsv(points, x, y)}
      rows={(point) => pointRows(point, x, y)}
    />
  );
}

const meanPath = ({ x, mean }: SliceModel, plot: Plot): readonly number[] =>
  Array.from(x).flatMap((value, i) => [plot.x.toPixel(value), plot.y.toPixel(mean[i]!)]);

function bandPath({ x, low, high }: SliceModel, plot: Plot): readonly number[] {
  const edge = (values: ArrayLike<number>) => Array.from(x, (value, i) => [plot.x.toPixel(value), plot.y.toPixel(values[i]!)] as const);
  return [...edge(high), ...edge(low).reverse()].flat();
}
