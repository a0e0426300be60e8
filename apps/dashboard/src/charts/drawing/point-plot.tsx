  readonly unshowable: number;
}

export function outsideText({ below, above, beside, unshowable }: Outside): string {
  const parts = [above > 0 ? `▲ ${above} above` : '', below > 0 ? `▼ ${below} below` : '', unshowable > 0 ? `${unshowable} not shown` : ''];
  return parts.filter((part) => part !== '').join(' · ');
}

function usePicture(props: PointPlotProps, axes: readonly [Axis, Axis], outside: string): Picture {
  const { points, behind } = props;
  return useCallback(
    (painter, size, palette) => {
      const plot = plotOf(painter, size, ...axes);
      drawAxes(painter, palette, plot, outside);
      const { xs, ys } = placesOf(points, plot, props);
      painter.within(plot.box, () => behind?.(painter, plot, palette));
