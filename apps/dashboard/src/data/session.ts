/** Who is signed in. The key itself is never kept: the controller holds it behind a cookie that no script can read. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client } from './client.js';

const key = ['session'];

export const useSession = () => useQuery({ queryKey: key, queryFn: () => client.session(), staleTime: Number.POSITIVE_INFINITY });

/** Call when the controller no longer knows the session: the page asks who is there. */
export function useSignedOut(): () => void {
  const queries = useQueryClient();
  return useCallback(() => void queries.resetQueries({ queryKey: key }), [queries]);
}

export function useSignIn(): (apiKey: string) => Promise<void> {
  const queries = useQueryClient();
  return async (apiKey) => {
    const session = await client.signIn(apiKey);
    queries.setQueryData(key, session);
  };
}

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await client.signOut();
    // Nothing of what was read stays behind.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
    await queries.resetQueries({ queryKey: key });
  };
}
