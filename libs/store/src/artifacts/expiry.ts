/** How long what belongs to artifacts lives. Pure. */
import type { ArtifactVersion } from './records.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** When to look again at a version that is kept although its time is over. */
export const lookAgainMs = 24 * hourMs;
/** Longer than the links by which its files are sent. */
export const pendingForMs = 8 * dayMs;
/** Longer than the links by which its files are fetched. */
export const deletedForMs = 24 * hourMs;
/** Longer than a version may be pending that counts on them. */
export const contentsForMs = 14 * dayMs;

/** Of a committed version; null: for ever. */
export const expiryOf = ({ createdAt, ttlSeconds }: Pick<ArtifactVersion, 'createdAt' | 'ttlSeconds'>): number | null =>
  ttlSeconds !== null && ttlSeconds > 0 ? createdAt + ttlSeconds * 1000 : null;
