/** The agent of this version, as other machines fetch it: one archive, made by the build and read once. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { NotFound } from '@sweep/domain';

export interface AgentArchive {
  readonly bytes: Buffer;
  /** SHA-256, hex. */
  readonly sum: string;
}

/** Read when first asked for: most starts hand out none. */
export function agentArchive(path: string): () => AgentArchive {
  let read: AgentArchive | null = null;
  return () => {
    read ??= load(path);
    return read;
  };
}

/** @throws NotFound */
function load(path: string): AgentArchive {
  try {
    const bytes = readFileSync(path);
    return { bytes, sum: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NotFound('the agent is not built: run `npm run build` on the machine of the controller');
  }
}
