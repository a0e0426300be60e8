/** What a GPU is doing now, of whatever make. Null where the driver does not say. */
export interface GpuReading {
  readonly uuid: string;
  /** Per cent. */
  readonly utilization: number | null;
  readonly memoryBytes: number | null;
  /** Degrees Celsius. */
  readonly temperature: number | null;
  /** Watts. */
  readonly power: number | null;
  /** Memory errors since the driver was loaded that no check could correct. */
  readonly uncorrectable: number | null;
}

export interface GpuSampler {
  /** The latest one; undefined before the first. */
  reading(uuid: string): GpuReading | undefined;
  stop(): void;
}
