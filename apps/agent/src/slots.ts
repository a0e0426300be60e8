/**
 * The machine's capacity in slots: which GPUs each has, which attempt holds it.
 *
 * Owns the table. An attempt may take several slots; it is freed by its lease.
 */
import { Bug, type Gpu, Invalid, type Slot } from '@sweep/domain';

export interface SlotWishes {
  /** Number of slots; null: one a GPU, or one on a machine without. */
  readonly slots: number | null;
  /** Slots that share each GPU. */
  readonly slotsPerGpu: number;
}

/** With fewer slots than GPUs each slot has several: 8 GPUs in 4 slots are 2 each. */
export function planSlots(gpus: readonly Gpu[], { slots, slotsPerGpu }: SlotWishes): readonly Slot[] {
  if (gpus.length === 0) return numbered(Array.from({ length: slots ?? 1 }, () => []));
  if (slots === null) return numbered(gpus.flatMap((gpu) => Array.from({ length: slotsPerGpu }, () => [gpu.uuid])));
  if (slots >= gpus.length) return numbered(Array.from({ length: slots }, (_, index) => [gpus[index % gpus.length]!.uuid]));
  const each = Math.floor(gpus.length / slots);
  return numbered(Array.from({ length: slots }, (_, index) => gpus.slice(index * each, (index + 1) * each).map((gpu) => gpu.uuid)));
}

const numbered = (gpus: readonly (readonly string[])[]): readonly Slot[] => gpus.map((uuids, index) => ({ index, gpus: uuids }));

/** `all`, `none`, or indexes and UUIDs, as in `--gpus 0,1` and `--gpus GPU-8f6d…`. */
export function chooseGpus(gpus: readonly Gpu[], choice: string): readonly Gpu[] {
  if (choice === 'all') return gpus;
  if (choice === 'none') return [];
  return choice.split(',').map((text) => {
    const wanted = text.trim();
    const named = gpus.filter((gpu) => gpu.uuid === wanted || (wanted.length >= 8 && gpu.uuid.startsWith(wanted)));
    const found = /^\d+$/.test(wanted) ? gpus[Number(wanted)] : named.length === 1 ? named[0] : undefined;
    if (found === undefined) throw new Invalid(`--gpus: there is no GPU ${JSON.stringify(wanted)}; this machine has ${describe(gpus)}`);
    return found;
  });
}

const describe = (gpus: readonly Gpu[]): string =>
  gpus.length === 0 ? 'none that can be seen' : gpus.map((gpu, index) => `${index} (${gpu.uuid}, ${gpu.name})`).join(', ');

export class Slots {
  private readonly holders = new Map<number, string>();

  constructor(readonly all: readonly Slot[]) {}

  take(leaseId: string, indexes: readonly number[]): void {
    for (const index of indexes) {
      if (!this.canTake([index])) throw new Bug(`slot ${index} is not free`);
      this.holders.set(index, leaseId);
    }
  }

  canTake(indexes: readonly number[]): boolean {
    return indexes.length > 0 && indexes.every((index) => this.all.some((slot) => slot.index === index) && !this.holders.has(index));
  }

  free(leaseId: string): void {
    for (const [index, holder] of this.holders) if (holder === leaseId) this.holders.delete(index);
  }

  get idle(): readonly number[] {
    return this.all.map((slot) => slot.index).filter((index) => !this.holders.has(index));
  }

  /** Of these slots together, each GPU once. */
  gpus(indexes: readonly number[]): readonly string[] {
    return [...new Set(this.all.filter((slot) => indexes.includes(slot.index)).flatMap((slot) => slot.gpus))];
  }
}
