/** What surrounds every page: who is signed in, the rail, the bar, the stream of events, messages and the keyboard. */
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { isSignedOut } from '../data/errors.js';
import { LiveProvider } from '../data/live-state.js';
import { useSession, useSignedOut } from '../data/session.js';
import { Failed, Loading } from '../ui/panels.js';
import { Toasts } from '../ui/toast.js';
import { isTyping } from '../ui/typing.js';
import { Bar } from './bar.js';
import { Help } from './help.js';
import { Palette } from './palette.js';
import { Rail } from './rail.js';
import { SignIn } from './sign-in.js';

export function Shell() {
  const session = useSession();
  const signedOut = useSignedOut();
  if (session.error !== null) {
    if (isSignedOut(session.error)) return <SignIn />;
    return (
      <main className="alone">
        <Failed what="the dashboard" error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === undefined) {
    return (
      <main className="alone">
        <Loading what="the dashboard" />
      </main>
    );
  }
  return (
    <LiveProvider onSignedOut={signedOut}>
      <Frame />
    </LiveProvider>
  );
}

type Overlay = 'search' | 'help' | null;

function Frame() {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const close = useCallback(() => setOverlay(null), []);
  useGlobalKeys(setOverlay);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Rail />
      <div className="body">
        <Bar onSearch={() => setOverlay('search')} onHelp={() => setOverlay('help')} />
        <main id="content" className="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette open={overlay === 'search'} onClose={close} />
      <Help open={overlay === 'help'} onClose={close} />
      <Toasts />
    </div>
  );
}

/** `g` and then the first letter of a page goes there. */
const places: Readonly<Record<string, string>> = { s: '/', p: '/projects', r: '/runs', a: '/agents', q: '/queue' };

function useGlobalKeys(open: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let going = false;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event)) return;
      const place = going ? places[event.key] : undefined;
      going = event.key === 'g';
      if (place !== undefined) return void navigate({ to: place });
      if (event.key !== '/' && event.key !== '?') return;
      event.preventDefault();
      open(event.key === '/' ? 'search' : 'help');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, open]);
}
