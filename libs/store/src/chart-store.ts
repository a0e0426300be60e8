/** Charts that people drew themselves, by the entity that owns them. */

export interface CustomChart {
  readonly entity: string;
  readonly name: string;
  readonly displayName: string;
  /** As the client calls it: `vega2`. */
  readonly type: string;
  readonly access: string;
  /** JSON, verbatim. */
  readonly spec: string;
  readonly updatedAt: number;
}

export interface ChartStore {
  /** In place of an earlier one of the name. */
  put(chart: Omit<CustomChart, 'updatedAt'>): Promise<CustomChart>;
  find(entity: string, name: string): Promise<CustomChart | null>;
  /** By name. */
  list(entity: string): Promise<readonly CustomChart[]>;
}
