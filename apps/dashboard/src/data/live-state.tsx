/** The stream of events wired to the page: what is out of date is read again, at a bounded rate, and the badge knows how it stands. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { everything, outdatedBy } from './changes.js';
import { client } from './client.js';
import { followLive, type Liveness } from './live.js';
import { pace } from './pace.js';

const refreshEveryMs = 1_000;
const Context = createContext<Liveness>({ state: 'connecting' });

export const useLiveness = (): Liveness => useContext(Context);

export function LiveProvider({ onSignedOut, children }: { readonly onSignedOut: () => void; readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [liveness, setLiveness] = useState<Liveness>({ state: 'connecting' });
  useEffect(() => {
    const leaving = new AbortController();
    const refresh = pace(refreshEveryMs, (keys) => {
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    });
    followLive(
      client,
      {
        onEvent: (event) => refresh.add(outdatedBy(event)),
        onGap: () => refresh.add([everything]),
        onLiveness: setLiveness,
        onSignedOut,
      },
      leaving.signal,
    );
    return () => leaving.abort();
  }, [queries, onSignedOut]);
  return <Context value={liveness}>{children}</Context>;
}
