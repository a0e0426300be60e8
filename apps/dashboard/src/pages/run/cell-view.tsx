/** A cell of a logged table: numbers and texts as they are everywhere; pictures, sounds, films and pages small, each opened by a press. */
import type { ReactNode } from 'react';
import { type FileHome, shownAddress } from '../../data/file-queries.js';
import { Num, Value } from '../../ui/value.js';
import { isObject, type MediaItem, type MediaKind, mediaItems, mediaKind } from './media-values.js';
import { Film, MediaLink } from './media-view.js';
import { cellText } from './table-rows.js';

/** One thing to look at, with where it lies. */
export interface ShownMedia {
  readonly home: FileHome;
  readonly kind: MediaKind;
  readonly item: MediaItem;
}

export interface CellPlace {
  readonly home: FileHome;
  readonly onOpen: (media: ShownMedia) => void;
}

const kindOf = (cell: unknown): MediaKind | null => (isObject(cell) && typeof cell['_type'] === 'string' ? mediaKind(cell['_type']) : null);

/** Looked at rather than read: its row needs more room. */
export const needsRoom = (cell: unknown): boolean =>
  kindOf(cell) !== null || (Array.isArray(cell) && cell.some((one) => kindOf(one) !== null));

const widths: Readonly<Record<MediaKind, number>> = { image: 136, audio: 250, video: 180, html: 190, other: 160 };

/** CSS pixels across; null for cells that are read. */
export function roomFor(cell: unknown): number | null {
  const kind = kindOf(Array.isArray(cell) ? cell[0] : cell);
  if (kind === null) return null;
  return Array.isArray(cell) ? Math.min(3, cell.length) * widths[kind] : widths[kind];
}

export function CellView({ value, place }: { readonly value: unknown; readonly place: CellPlace }): ReactNode {
  if (typeof value === 'number') return <Num value={value} />;
  if (needsRoom(value))
    return (
      <span className="cell-media">
        {(Array.isArray(value) ? value : [value]).map((one, i) => (
          <Sight key={i} value={one} place={place} />
        ))}
      </span>
    );
  if (isObject(value)) return <span title={JSON.stringify(value)}>{cellText(value)}</span>;
  return <Value value={value} />;
}

function Sight({ value, place }: { readonly value: unknown; readonly place: CellPlace }): ReactNode {
  const kind = kindOf(value);
  if (kind === null) return cellText(value);
  return mediaItems(value).map((item) => <Small key={item.path} media={{ home: place.home, kind, item }} onOpen={place.onOpen} />);
}

function Small({ media, onOpen }: { readonly media: ShownMedia; readonly onOpen: CellPlace['onOpen'] }): ReactNode {
  const { home, kind, item } = media;
  const label = item.caption ?? item.path.split('/').at(-1)!;
  const address = shownAddress(home, item.path);
  const open = <button type="button" className="cell-open" aria-label={`Enlarge ${label}`} onClick={() => onOpen(media)} />;
  switch (kind) {
    case 'image':
      return (
        <span className="cell-thing">
          <img src={address} alt={label} loading="lazy" />
          {open}
        </span>
      );
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: what was logged has no captions
      return <audio controls preload="none" src={address} aria-label={label} />;
    case 'video':
      return (
        <span className="cell-thing">
          <Film home={home} path={item.path} label={label} controls={false} />
          {open}
        </span>
      );
    case 'html':
      return (
        <span className="cell-thing">
          <iframe sandbox="" src={address} title={label} loading="lazy" referrerPolicy="no-referrer" tabIndex={-1} />
          {open}
        </span>
      );
    case 'other':
      return <MediaLink home={home} item={item} />;
  }
}
