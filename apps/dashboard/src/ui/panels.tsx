/** What a panel shows when it has no data to show: it loads, it failed, there is none yet. Every panel ends in one of them. */
import type { ReactNode } from 'react';
import { detailsOf, isMissing, messageOf } from '../data/errors.js';
import { Button } from './button.js';

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="panel-note">
      <h3>{title}</h3>
      {children === undefined ? null : <div className="muted">{children}</div>}
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="panel-note loading" role="status">
      Loading {what} …
    </div>
  );
}

export function Failed({ what, error, onRetry }: { readonly what: string; readonly error: unknown; readonly onRetry?: () => void }) {
  const details = detailsOf(error);
  return (
    <div className="panel-note" role="alert">
      <h3>{isMissing(error) ? 'Nothing here' : `Cannot show ${what}`}</h3>
      <p>{messageOf(error)}</p>
      {details.length === 0 ? null : (
        <ul>
          {details.map(({ path, message }) => (
            <li key={`${path}${message}`}>
              {path === undefined ? null : <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
      {onRetry === undefined ? null : <Button onPress={onRetry}>Try again</Button>}
    </div>
  );
}

interface Read<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** A query's three endings. What was read once stays while it is read again. */
export function Loaded<T>({
  query,
  what,
  children,
}: {
  readonly query: Read<T>;
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Failed what={what} error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading what={what} />;
}
