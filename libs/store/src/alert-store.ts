/** Alerts that programs raise about their runs. */
import type { RunId } from '@sweep/domain';

export interface NewAlert {
  readonly run: RunId;
  readonly title: string;
  readonly text: string;
  readonly level: 'info' | 'warn' | 'error';
  /** Later alerts of the run with this title stay silent for as long; 0 = never. */
  readonly silenceMs: number;
}

export interface Alert extends NewAlert {
  readonly id: number;
  readonly raisedAt: number;
  /** An earlier one with its title asked for silence. */
  readonly silenced: boolean;
}

export interface AlertStore {
  /**
   * Stores it and says whether it is silenced; of many at once with one title the first is not.
   *
   * @param repeatedWithinMs one that is the same in every word and was raised so recently is the same one: that is answered, none stored
   */
  raise(alert: NewAlert, repeatedWithinMs: number): Promise<Alert>;
  /** By time. */
  list(run: RunId): Promise<readonly Alert[]>;
}
