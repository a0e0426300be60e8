/** Which columns of a wide table have cells: those in sight and some beside them; the rest is room. Pure but for its hook. */
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';

/** Places of columns, the last one excluded. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** CSS pixels on either side that are made before they are scrolled to. */
const beside = 600;
/** Ends of a stretch stand at such columns, so that little scrolling changes nothing. */
const atOnce = 4;

/** @param left CSS pixels that are scrolled away */
export function columnsInSight(widths: readonly number[], pinned: number, left: number, room: number): Stretch {
  let edge = 0;
  let [from, to] = [widths.length, pinned];
  for (const [place, width] of widths.entries()) {
    if (place >= pinned && edge + width > left - beside && edge < left + room + beside) {
      from = Math.min(from, place);
      to = place + 1;
    }
    edge += width;
  }
  const start = Math.max(pinned, Math.floor(Math.min(from, to) / atOnce) * atOnce);
  return { from: start, to: Math.max(start, Math.min(widths.length, Math.ceil(to / atOnce) * atOnce)) };
}

/** A table that is no wider has all of its cells. */
const fewColumns = 24;

export function useColumnsInSight(box: RefObject<HTMLElement | null>, widths: readonly number[], pinned: number) {
  const all = widths.length <= fewColumns;
  const [place, setPlace] = useState({ left: 0, room: 1_280 });
  const stamp = widths.join();
  const look = useCallback(() => {
    const { scrollLeft: left = 0, clientWidth: room = 0 } = box.current ?? {};
    if (all) return;
    setPlace((before) => {
      const [old, now] = [columnsInSight(widths, pinned, before.left, before.room), columnsInSight(widths, pinned, left, room)];
      return old.from === now.from && old.to === now.to ? before : { left, room };
    });
  }, [all, stamp, pinned, box]);
  useLayoutEffect(() => {
    if (all || box.current === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [all, look, box]);
  return { stretch: all ? { from: pinned, to: widths.length } : columnsInSight(widths, pinned, place.left, place.room), look };
}
