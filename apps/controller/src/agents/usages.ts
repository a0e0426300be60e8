/**
 * What machines use at the moment, on its way from their agents to the store, where every controller reads it.
 *
 * Gathers what all agents of this controller told and writes it together; of one agent only the last word. What an agent says is
 * measured by a machine that need not mean well: it is read here, once.
 */
import type { Agent, AgentId, GpuUsage, MachineUsage } from '@sweep/domain';
import type { Usage } from '@sweep/protocol';
import type { UsageStore } from '@sweep/store';

export class Usages {
  #told = new Map<AgentId, MachineUsage>();

  constructor(private readonly store: UsageStore) {}

  hear(agent: Pick<Agent, 'id' | 'machine'>, message: Usage): void {
    this.#told.set(agent.id, readUsage(agent, message));
  }

  async flush(): Promise<void> {
    const told = this.#told;
    this.#told = new Map();
    await this.store.put(told);
  }
}

/** Of GPUs that the machine has, each once; a figure that is no quantity is one that is not known. */
export function readUsage({ machine }: Pick<Agent, 'machine'>, { gpus, cpuPercent, ...rest }: Usage): MachineUsage {
  return {
    cpuPercent: quantity(cpuPercent),
    memoryUsedBytes: rest.memoryUsedBytes,
    diskUsedBytes: rest.diskUsedBytes,
    diskTotalBytes: rest.diskTotalBytes,
    gpus: machine.gpus.flatMap(({ uuid }): readonly GpuUsage[] => {
      const told = gpus.find((gpu) => gpu.uuid === uuid);
      if (told === undefined) return [];
      return [
        {
          uuid,
          utilizationPercent: quantity(told.utilizationPercent),
          memoryUsedBytes: quantity(told.memoryUsedBytes),
          temperatureCelsius: quantity(told.temperatureCelsius),
          powerWatts: quantity(told.powerWatts),
        },
      ];
    }),
  };
}

const quantity = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
