/** What stands beside the pointer: a heading and rows, kept inside the plot. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';

export interface ReadoutRow {
  readonly colour: string | null;
  readonly name: string;
  readonly value: string;
  readonly strong?: boolean;
}

export interface ReadoutProps {
  readonly at: readonly [number, number];
  readonly heading: string;
  readonly rows: readonly ReadoutRow[];
  /** How many rows there would be more. */
  readonly more?: number;
}

export function Readout({ at: [x, y], heading, rows, more = 0 }: ReadoutProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = element.current!;
    const place = box.parentElement!;
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = x + 14 + width <= place.clientWidth ? x + 14 : Math.max(0, x - 14 - width);
    const top = Math.max(0, Math.min(y + 12, place.clientHeight - height));
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  return (
    <div ref={element} className="chart-readout" aria-live="polite">
      <strong>{heading}</strong>
      {rows.map(({ colour, name, value, strong }) => (
        <div key={name + value} className={strong === true ? 'chart-readout-row chart-readout-strong' : 'chart-readout-row'}>
          {colour !== null && <i style={{ background: colour }} />}
          <span>{name}</span>
          <b>{value}</b>
        </div>
      ))}
      {more > 0 && <div className="chart-readout-more">{more} more</div>}
    </div>
  );
}
