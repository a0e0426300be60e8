/** Machines that run trials: what they have, and which trials fit. */
import type { AgentId, SweepId } from './ids.js';
import type { Quarantine } from './quarantine.js';
import type { Resources } from './spec.js';

export type AgentState = 'online' | 'draining' | 'offline' | 'lost';

export interface Gpu {
  /** The vendor's stable id, e.g. `GPU-8f6d…`; never an index. */
  readonly uuid: string;
  readonly vendor: 'nvidia' | 'amd';
  readonly name: string;
  readonly memoryBytes: number;
}

/** A unit of an agent's capacity, usually one GPU. */
export interface Slot {
  readonly index: number;
  /** UUIDs; empty for a slot without GPU. */
  readonly gpus: readonly string[];
}

export interface Machine {
  readonly hostname: string;
  readonly platform: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus: readonly Gpu[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  readonly pool: string;
  /** Works for this sweep only. */
  readonly sweep: SweepId | null;
  readonly state: AgentState;
  readonly machine: Machine;
  readonly slots: readonly Slot[];
  readonly version: string;
  readonly connectedAt: number;
  readonly lastSeenAt: number;
  /** Why it left, drains or is lost. */
  readonly reason: string | null;
  /** Gets no work while this stands, whatever its state, because it fails what others can run. */
  readonly quarantine: Quarantine | null;
}

/** Whether new trials may go there. */
export const takesWork = ({ state, quarantine }: Pick<Agent, 'state' | 'quarantine'>): boolean => state === 'online' && quarantine === null;

/** Null when a trial with these needs can run on the machine, else the first thing that it lacks, in words. */
export function misfit(machine: Machine, slot: Slot, freeSlots: number, needs: Resources): string | null {
  for (const [label, value] of Object.entries(needs.labels)) {
    if (machine.labels[label] !== value) return `label ${label}=${value} is missing`;
  }
  if (needs.cpus !== null && machine.cpus < needs.cpus) return `${needs.cpus} CPUs are needed, the machine has ${machine.cpus}`;
  if (needs.memoryBytes !== null && machine.memoryBytes < needs.memoryBytes) return 'not enough memory';
  const gpus = needs.gpus ?? 0;
  if (gpus > 0 && slot.gpus.length === 0) return 'no GPU in this slot';
  if (gpus > slot.gpus.length * freeSlots) return `${gpus} GPUs are needed`;
  if (needs.gpuMemoryBytes !== null) {
    const memory = machine.gpus.filter((gpu) => slot.gpus.includes(gpu.uuid)).map((gpu) => gpu.memoryBytes);
    if (memory.length === 0 || memory.some((bytes) => bytes < needs.gpuMemoryBytes!)) return 'not enough GPU memory';
  }
  return null;
}
