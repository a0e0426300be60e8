/** Names above the axes: dragged or moved with arrows they change places; F flips, L takes logarithms, arrows up and down brush. */
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { ParallelView } from '../chart-data.js';
import { canBeLog, isLogAxis, moved, nudged, type ParallelAxis, toggled } from '../maths/parallel-lines.js';

export interface ParallelHeadsProps {
  readonly axes: readonly ParallelAxis[];
  readonly view: ParallelView;
  readonly onView: (view: ParallelView) => void;
}

const step = 0.05;

export function ParallelHeads({ axes, view, onView }: ParallelHeadsProps): ReactNode {
  const [drag, setDrag] = useState<{ readonly name: string; readonly x: number } | null>(null);
  const names = axes.map(({ column }) => column.name);
  const place = (name: string, to: number) => onView({ ...view, order: moved(names, name, to) });
  const width = axes.length < 2 ? 200 : Math.max(40, axes[1]!.x - axes[0]!.x - 6);
  return axes.map((axis, i) => {
    const { name } = axis.column;
    const log = isLogAxis(axis.column, view);
    const dragged = drag?.name === name;
    return (
      <div
        key={name}
        className={dragged ? 'parallel-head parallel-head-dragged' : 'parallel-head'}
        style={{ left: (dragged ? drag.x : axis.x) - width / 2, width }}
        onPointerDown={(event) => event.stopPropagation()}
        onPointerUp={(event) => event.stopPropagation()}
      >
        <button
          type="button"
          className="parallel-name"
          title={`${name}: drag to move, F flips${canBeLog(axis.column) ? ', L logarithmic or linear' : ''}`}
          aria-label={`axis ${name}, ${i + 1} of ${axes.length}; arrows left and right move it, up and down brush it, F flips, L logarithmic`}
          onKeyDown={(event) => onKey(event, { axis, index: i, place, view, onView })}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => {
            if ((event.buttons & 1) === 1) setDrag({ name, x: (dragged ? drag.x : axis.x) + event.movementX });
          }}
          onPointerUp={() => {
            if (drag !== null && Math.abs(drag.x - axis.x) > 6)
              place(name, axes.filter(({ column, x }) => column.name !== name && x < drag.x).length);
            setDrag(null);
          }}
        >
          {name}
        </button>
        <span className="parallel-options">
          <button
            type="button"
            aria-pressed={view.flipped.includes(name)}
            aria-label={`flip ${name}`}
            onClick={() => onView({ ...view, flipped: toggled(view.flipped, name) })}
          >
            flip
          </button>
          {canBeLog(axis.column) && (
            <button
              type="button"
              aria-pressed={log}
              aria-label={`logarithmic ${name}`}
              onClick={() => onView({ ...view, log: toggled(view.log, name) })}
            >
              log
            </button>
          )}
        </span>
      </div>
    );
  });
}

interface HeadKey extends Pick<ParallelHeadsProps, 'view' | 'onView'> {
  readonly axis: ParallelAxis;
  readonly index: number;
  readonly place: (name: string, to: number) => void;
}

function onKey(event: KeyboardEvent, { axis, index, place, view, onView }: HeadKey): void {
  const { name } = axis.column;
  const brush = (by: number, grow: number) =>
    onView({ ...view, brushes: { ...view.brushes, [name]: nudged(axis, view.brushes[name], { by, grow }) } });
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => place(name, index - 1),
    ArrowRight: () => place(name, index + 1),
    ArrowUp: () => brush(step, 0),
    ArrowDown: () => brush(-step, 0),
    '+': () => brush(0, step),
    '-': () => brush(0, -step),
    f: () => onView({ ...view, flipped: toggled(view.flipped, name) }),
    l: () => {
      if (canBeLog(axis.column)) onView({ ...view, log: toggled(view.log, name) });
    },
    Delete: () => onView({ ...view, brushes: Object.fromEntries(Object.entries(view.brushes).filter(([one]) => one !== name)) }),
  };
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}
