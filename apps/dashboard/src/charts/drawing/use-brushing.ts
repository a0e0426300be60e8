/** Brushes that follow the pointer: begun on an axis, moved by their middle, made larger or smaller at their ends. */
import { useRef, useState } from 'react';
import type { ParallelView } from '../chart-data.js';
import type { ParallelAxis } from '../maths/parallel-lines.js';

type Brushes = ParallelView['brushes'];
type Place = readonly [number, number];

interface Grip {
  readonly name: string;
  readonly part: 'new' | 'low' | 'high' | 'all';
  readonly from: number;
  readonly brush: Place;
  readonly moved: boolean;
}

const axisReach = 12;
const endReach = 7;
const leastDrag = 4;

/** @param onBrushes when the person lets go; until then `brushes` of the answer runs ahead of those given */
export function useBrushing(given: Brushes, onBrushes: (brushes: Brushes) => void) {
  const [draft, setDraft] = useState<Brushes | null>(null);
  const [cursor, setCursor] = useState<string | undefined>(undefined);
  const grip = useRef<Grip | null>(null);
  const brushes = draft ?? given;
  return {
    brushes,
    cursor,
    begin(axes: readonly ParallelAxis[], at: Place): void {
      const axis = axisAt(axes, at);
      grip.current = axis === undefined ? null : gripOn(axis, brushes[axis.column.name], at[1]);
    },
    /** True: the pointer holds a brush. */
    move(axes: readonly ParallelAxis[], at: Place): boolean {
      const held = grip.current;
      const axis = held === null ? undefined : axes.find(({ column }) => column.name === held.name);
      if (held === null || axis === undefined) {
        setCursor(axisAt(axes, at) === undefined ? undefined : 'ns-resize');
        return false;
      }
      if (!held.moved && Math.abs(at[1] - held.from) < leastDrag) return true;
      grip.current = { ...held, moved: true };
      setDraft({ ...brushes, [held.name]: dragged(axis, held, at[1]) });
      return true;
    },
    /** True: it was a brush, not a click on a line. */
    end(): boolean {
      const held = grip.current;
      grip.current = null;
      if (held === null) return false;
      if (held.moved) onBrushes(brushes);
      else onBrushes(Object.fromEntries(Object.entries(brushes).filter(([name]) => name !== held.name)));
      setDraft(null);
      return true;
    },
  };
}

const axisAt = (axes: readonly ParallelAxis[], [x]: Place): ParallelAxis | undefined =>
  axes.find((axis) => Math.abs(axis.x - x) <= axisReach);

function gripOn({ column, scale }: ParallelAxis, brush: Place | undefined, y: number): Grip {
  const { name } = column;
  const fresh = { name, part: 'new', from: y, brush: [scale.toValue(y), scale.toValue(y)], moved: false } as const;
  if (brush === undefined) return fresh;
  const [low, high] = [scale.toPixel(brush[0]), scale.toPixel(brush[1])];
  if (Math.abs(y - low) <= endReach) return { ...fresh, part: 'low', brush };
  if (Math.abs(y - high) <= endReach) return { ...fresh, part: 'high', brush };
  return (y - low) * (y - high) < 0 ? { ...fresh, part: 'all', brush } : fresh;
}

function dragged({ scale, column }: ParallelAxis, { part, brush, from }: Grip, y: number): Place {
  const value = within(scale.range, scale.toValue(y));
  if (part === 'low') return sorted(value, brush[1]);
  if (part === 'high') return sorted(brush[0], value);
  if (part === 'new') return sorted(within(scale.range, brush[0]), value);
  const by = y - from;
  const [low, high] = brush.map((end) => scale.toValue(scale.toPixel(end) + by)) as unknown as Place;
  // At the end of the axis it stands, and keeps its width.
  const fits = low >= scale.range[0] && high <= scale.range[1] && column.values.length > 0;
  return fits ? [low, high] : brush;
}

const within = ([low, high]: Place, value: number): number => Math.min(high, Math.max(low, value));
const sorted = (a: number, b: number): Place => (a < b ? [a, b] : [b, a]);
