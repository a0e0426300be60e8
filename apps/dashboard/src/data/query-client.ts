/** How long what was read is good for, and when a failed read is tried again. Freshness comes from the event stream. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, mayPass } from './errors.js';

export const sessionKey = ['session'];

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Whatever was asked for: a key that has been revoked ends the session.
    onError: (error, { queryKey }) => {
      if (isSignedOut(error) && queryKey[0] !== sessionKey[0]) void queryClient.resetQueries({ queryKey: sessionKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => mayPass(error) && failures < 3,
    },
  },
});
