/** What happens to versions and contents when their time is over. Nothing that is used goes. */

import { deletedForMs, lookAgainMs } from './expiry.js';
import type { ArtifactContent, ArtifactVersion } from './records.js';
import { deleteVersion } from './removal.js';
import type { ArtifactWrite } from './tables.js';

/** Does what is due for a version, if it still is. */
export async function settleVersion(write: ArtifactWrite, id: string): Promise<void> {
  const { tables, now } = write;
  const [version] = await tables.versions.find({ id });
  if (version === undefined || version.expiresAt === null || version.expiresAt > now) return;
  switch (version.state) {
    case 'PENDING':
      return await tables.versions.change({ id }, { state: 'DELETED', updatedAt: now, expiresAt: now + deletedForMs });
    case 'COMMITTED':
      return await expire(write, version);
    case 'DELETED':
      return await forget(write, version);
  }
}

/** One that a portfolio links is kept for it: somebody chose it. */
async function expire(write: ArtifactWrite, { id, collection }: ArtifactVersion): Promise<void> {
  const { tables, now } = write;
  const links = await tables.links.find({ version: id });
  if (links.every((link) => link.collection === collection)) await deleteVersion(write, id, true);
  else await tables.versions.change({ id }, { expiresAt: now + lookAgainMs });
}

async function forget({ tables, now }: ArtifactWrite, { id, manifestBlob }: ArtifactVersion): Promise<void> {
  const [files, manifests] = [await tables.files.find({ version: id }), await tables.manifests.find({ version: id })];
  const blobs = [manifestBlob, ...files.map(({ blob }) => blob), ...manifests.map(({ blob }) => blob)].filter((blob) => blob !== null);
  await tables.garbage.insert([...new Set(blobs)].map((blob) => ({ blob, since: now })));
  await tables.files.remove({ version: id });
  await tables.manifests.remove({ version: id });
  await tables.versions.change({ id }, { manifestBlob: null, expiresAt: null });
}

/** A content that nobody has wanted for long goes, unless a version holds it. */
export async function settleContent({ tables, now }: ArtifactWrite, { project, md5, blob, wantedAt }: ArtifactContent): Promise<void> {
  // By its time too: one that was wanted since stays.
  const key = { project, md5, wantedAt };
  if ((await tables.files.count({ blob })) > 0) return await tables.contents.change(key, { wantedAt: now });
  if ((await tables.contents.count(key)) === 0) return;
  await tables.contents.remove(key);
  await tables.garbage.insert([{ blob, since: now }]);
}
