/** The line above every page: where one is, search, whether what is shown is live, and who is signed in. */
import { Link, useLocation } from '@tanstack/react-router';
import { useLiveness } from '../data/live-state.js';
import { useSession, useSignOut } from '../data/session.js';
import { Button } from '../ui/button.js';
import { coarse } from '../ui/format.js';
import { ActionMenu } from '../ui/menu.js';
import { useNow } from '../ui/now.js';
import { attempt } from '../ui/toast.js';
import { partsOf, projectAddress } from './addresses.js';
import { usePageName } from './page-name.js';

export function Bar({ onSearch, onHelp }: { readonly onSearch: () => void; readonly onHelp: () => void }) {
  const { data: session } = useSession();
  const signOut = useSignOut();
  return (
    <header className="bar">
      <Breadcrumb />
      <div className="row push">
        <Button look="quiet" onPress={onSearch} aria-label="Search">
          <span className="wide-only">Search </span>
          <kbd>/</kbd>
        </Button>
        <LiveBadge />
        <ActionMenu
          look="quiet"
          label={session?.user.name ?? 'You'}
          actions={[
            { id: 'help', label: 'Keys of this page', hint: '?', run: onHelp },
            { id: 'out', label: 'Sign out', run: () => void attempt(signOut) },
          ]}
        />
      </div>
    </header>
  );
}

function Breadcrumb() {
  const { pathname } = useLocation();
  const name = usePageName();
  const [entity, project, kind] = partsOf(pathname);
  const home = entity !== undefined && project !== undefined && kind !== undefined;
  return (
    <nav className="breadcrumb" aria-label="Where you are">
      {home ? (
        <>
          <Link to={`/${entity}`} className="wide-only">
            {entity}
          </Link>
          <span className="muted wide-only">/</span>
          <Link to={projectAddress(`${entity}/${project}`)}>{project}</Link>
          <span className="muted">/</span>
        </>
      ) : null}
      <span className="breadcrumb-here" aria-current="page">
        {name}
      </span>
    </nav>
  );
}

function LiveBadge() {
  const liveness = useLiveness();
  const now = useNow();
  if (liveness.state === 'live') return <span className="live live-on">● live</span>;
  if (liveness.state === 'connecting') return <span className="live">○ connecting</span>;
  return (
    <span className="live live-stale" role="status" title="The controller cannot be reached; this page goes on by itself when it can.">
      ▲ stale for {coarse(now - liveness.since)}
    </span>
  );
}
