/** How long what belongs to artifacts lives. Pure. */
import type { ArtifactVersion } from './records.js';

export const dayMs = 86_400_000;
/** Longer than the links by which its files are sent. */
export const pendingForMs = 8 * dayMs;
/** Longer than the links by which its files are fetched. */
export const deletedForMs = dayMs;
/** Longer than a version may be pending that counts on them. */
export const contentsForMs = 14 * dayMs;

/** Of a committed version; null: for ever. */
export const expiryOf = ({ createdAt, ttlSeconds }: Pick<ArtifactVersion, 'createdAt' | 'ttlSeconds'>): number | null =>
  ttlSeconds !== null && ttlSeconds > 0 ? createdAt + ttlSeconds * 1000 : null;
