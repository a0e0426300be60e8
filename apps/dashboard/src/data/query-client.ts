/** How long what was read is good for, and when a failed read is tried again. Freshness comes from the event stream. */
import { QueryClient } from '@tanstack/react-query';
import { mayPass } from './errors.js';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => mayPass(error) && failures < 3,
    },
  },
});
