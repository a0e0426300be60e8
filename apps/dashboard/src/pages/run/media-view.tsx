/** One picture, sound, film or page that a program logged, as large as there is room for it. */
import type { ReactNode } from 'react';
import { downloadAddress, type FileHome, shownAddress } from '../../data/file-queries.js';
import { ImageView } from './image-view.js';
import type { MediaItem, MediaKind } from './media-values.js';

export interface MediaViewProps {
  readonly home: FileHome;
  readonly kind: MediaKind;
  readonly item: MediaItem;
  readonly name: string;
}

export function MediaView({ home, kind, item, name }: MediaViewProps): ReactNode {
  const label = item.caption ?? name;
  return (
    <figure className={`media media-${kind}`}>
      <Player home={home} kind={kind} item={item} name={label} />
      <figcaption>
        {item.caption !== null && <span>{item.caption} </span>}
        <MediaLink home={home} item={item} />
      </figcaption>
    </figure>
  );
}

/** What runs in a page that somebody logged runs without any right, and the controller says so again. */
function Player({ home, kind, item, name }: MediaViewProps): ReactNode {
  const address = shownAddress(home, item.path);
  switch (kind) {
    case 'image':
      return <ImageView home={home} item={item} label={name} />;
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: what was logged has no captions beside the text below
      return <audio controls preload="none" src={address} aria-label={name} />;
    case 'video':
      return <Film home={home} path={item.path} label={name} controls />;
    case 'html':
      return <iframe sandbox="" src={address} title={name} loading="lazy" referrerPolicy="no-referrer" />;
    case 'other':
      return <p className="muted">Not shown here:</p>;
  }
}

interface FilmProps {
  readonly home: FileHome;
  readonly path: string;
  readonly label: string;
  readonly controls: boolean;
}

/** A film, or the moving picture that the wandb client makes of an array unless it is told otherwise: browsers play that as a picture. */
export function Film({ home, path, label, controls }: FilmProps): ReactNode {
  const address = shownAddress(home, path);
  if (/\.gif$/i.test(path)) return <img src={address} alt={label} />;
  // biome-ignore lint/a11y/useMediaCaption: what was logged has no captions beside the text below
  return <video controls={controls} preload="metadata" src={address} aria-label={label} />;
}

export const MediaLink = ({ home, item }: { readonly home: FileHome; readonly item: MediaItem }): ReactNode => (
  <a href={downloadAddress(home, item.path)} download>
    {item.path.split('/').at(-1)}
  </a>
);
