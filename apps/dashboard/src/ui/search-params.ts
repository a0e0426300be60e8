/** What a person has chosen on a page, read from its address and written there. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Params } from './params.js';

export type SetParams = (change: Params) => void;

/** The page's parameters, and a way to change some of them without a step in the history. */
export function useParamsInAddress(): readonly [Params, SetParams] {
  const params = useSearch({ strict: false }) as Params;
  const navigate = useNavigate();
  const set = useCallback<SetParams>(
    (change) =>
      void navigate({ to: '.', replace: true, resetScroll: false, search: ((before: Params) => ({ ...before, ...change })) as never }),
    [navigate],
  );
  return [params, set];
}
