/** What a machine uses at the moment, whoever uses it. Null is what its system or its driver does not say. */
export interface GpuUsage {
  readonly uuid: string;
  readonly utilizationPercent: number | null;
  readonly memoryUsedBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
}

export interface MachineUsage {
  /** Of all processors together, 0 to 100. */
  readonly cpuPercent: number | null;
  readonly memoryUsedBytes: number;
  /** The disk that the agent's folder is on. */
  readonly diskUsedBytes: number;
  readonly diskTotalBytes: number;
  readonly gpus: readonly GpuUsage[];
}

/** How often an agent tells it: a person sees the machine work, and a thousand machines are no load. */
export const usageEveryMs = 5_000;
