/** A page that could not be loaded or drawn. The rest of the dashboard goes on. */
import { Failed } from '../ui/panels.js';

export function BrokenPage({ error }: { readonly error: unknown }) {
  return <Failed what="this page" error={error} onRetry={() => window.location.reload()} />;
}
