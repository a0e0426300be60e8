/** Names of agents that are started together on one machine: people tell them apart by name. */
import { hostname } from 'node:os';

/** Flags for the one with this index, out of `count`. A single one is named by the agent itself, after its machine. */
export const nameFlags = (index: number, count: number): readonly string[] => (count === 1 ? [] : ['--name', `${hostname()}-${index + 1}`]);
