/**
 * The selection of a sweep's page: trials, by their numbers in the address (`?trial=17,18`), by their ids for charts and tables. One
 * selection, everywhere alike.
 */
import { useCallback, useMemo, useState } from 'react';
import type { ChartSelection } from '../../charts/chart-data.js';
import type { TrialPoint } from '../../data/trial-points.js';
import { useParamsInAddress } from '../../ui/search-params.js';

export interface Selection extends ChartSelection {
  /** In the order in which they were picked. */
  readonly trials: readonly TrialPoint[];
  /** `adding`: to those that are selected already; null selects none. */
  readonly pick: (id: string | null, adding: boolean) => void;
}

export function useSelection(trials: readonly TrialPoint[]): Selection {
  const [{ trial: text = '' }, setParams] = useParamsInAddress();
  const [hovered, setHovered] = useState<string | null>(null);
  const picked = useMemo(() => trialsOf(text, trials), [text, trials]);
  const onSelect = useCallback(
    (ids: readonly string[]) => {
      const byId = new Map(trials.map((trial) => [trial.id, trial.number]));
      setParams({ trial: ids.flatMap((id) => byId.get(id) ?? []).join(',') || undefined });
    },
    [trials, setParams],
  );
  return useMemo(() => {
    const selected = picked.map(({ id }) => id);
    return {
      trials: picked,
      selected,
      hovered,
      onHover: setHovered,
      onSelect,
      pick: (id, adding) => onSelect(pickedAfter(selected, id, adding)),
    };
  }, [picked, hovered, onSelect]);
}

/** Trials by the numbers in the address; those that are not there are left out. */
export function trialsOf(text: string, trials: readonly TrialPoint[]): readonly TrialPoint[] {
  const byNumber = new Map(trials.map((trial) => [trial.number, trial]));
  const numbers = [
    ...new Set(
      text
        .split(',')
        .filter((part) => /^\d+$/.test(part))
        .map(Number),
    ),
  ];
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

export function pickedAfter(selected: readonly string[], id: string | null, adding: boolean): readonly string[] {
  if (id === null) return [];
  if (!adding) return [id];
  return selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id];
}
