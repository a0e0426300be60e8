/** Who is signed in. The key itself is never kept: the controller holds it behind a cookie that no script can read. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client } from './client.js';
import { sessionKey } from './query-client.js';

export const useSession = () => useQuery({ queryKey: sessionKey, queryFn: () => client.session(), staleTime: Number.POSITIVE_INFINITY });

/** Call when the controller no longer knows the session: the page asks who is there. */
export function useSignedOut(): () => void {
  const queries = useQueryClient();
  return useCallback(() => void queries.resetQueries({ queryKey: sessionKey }), [queries]);
}

export function useSignIn(): (apiKey: string) => Promise<void> {
  const queries = useQueryClient();
  return async (apiKey) => {
    const session = await client.signIn(apiKey);
    queries.setQueryData(sessionKey, session);
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await client.signOut();
    // Nothing of what was read stays behind.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
    await queries.resetQueries({ queryKey: sessionKey });
  };
}
