/** Sweeps and runs that people deleted, and events that everybody has read, which go for good after a while. */

export interface Dropped {
  readonly sweeps: number;
  /** Those of sweeps are counted with them. */
  readonly runs: number;
  readonly events: number;
}

export interface RetentionStore {
  /** How many were deleted, or happened, before a time and are still here. */
  due(before: number): Promise<Dropped>;
  /**
   * Drops some of them with all that is theirs, at most `limit` of each and a thousand times as many events; answers how many, none once nothing is left. A deleted run of a
   * trial goes with its sweep, which counts it. Contents that lost a reference are left to `ArtifactStore.garbage`.
   */
  drop(before: number, limit: number): Promise<Dropped>;
}
