/** How versions leave collections: deleted everywhere, unlinked from one, or with their collection. Their numbers are never given again. */
import { Conflict } from '@sweep/domain';
import { deletedForMs } from './expiry.js';
import type { ArtifactCollection } from './records.js';
import type { ArtifactWrite } from './tables.js';
import { latest, moveAliases } from './versions.js';

/** False: it is deleted already. @throws Conflict where it has aliases and they are not to go with it. */
export async function deleteVersion(write: ArtifactWrite, id: string, withAliases: boolean): Promise<boolean> {
  const { tables, now } = write;
  const [version] = await tables.versions.find({ id });
  if (version === undefined || version.state === 'DELETED') return false;
  const aliases = await tables.aliases.find({ version: id });
  if (aliases.length > 0 && !withAliases) {
    const names = aliases.map(({ alias }) => alias).join(', ');
    throw new Conflict(`the artifact version has the aliases ${names}: delete these first, or delete with delete_aliases=True`);
  }
  const links = await tables.links.find({ version: id });
  await tables.versions.change({ id }, { state: 'DELETED', updatedAt: now, expiresAt: now + deletedForMs });
  for (const { collection } of links) await unlinkVersion(write, collection, id);
  return true;
}

/** `latest` goes to the newest that is left. */
export async function unlinkVersion(write: ArtifactWrite, collection: string, version: string): Promise<boolean> {
  const { tables } = write;
  const [link] = await tables.links.find({ collection, version });
  if (link === undefined) return false;
  const newest = await tables.aliases.find({ collection, version, alias: latest });
  await tables.aliases.remove({ collection, version });
  await tables.links.remove({ collection, version });
  if (newest.length === 0) return true;
  const left = await tables.links.find({ collection });
  const last = left.toSorted((a, b) => b.index - a.index)[0];
  if (last !== undefined) await moveAliases(write, { collection, version: last.version }, [latest]);
  return true;
}

/** With all versions that were logged to it; those that it only links stay where they are. */
export async function deleteCollection(write: ArtifactWrite, { id, kind }: ArtifactCollection): Promise<void> {
  const { tables, now } = write;
  const versions = kind === 'sequence' ? await tables.versions.find({ collection: id, state: ['PENDING', 'COMMITTED'] }) : [];
  const ids = versions.map((version) => version.id);
  await tables.versions.change({ id: ids }, { state: 'DELETED', updatedAt: now, expiresAt: now + deletedForMs });
  const elsewhere = await tables.links.find({ version: ids });
  for (const link of elsewhere.filter(({ collection }) => collection !== id)) await unlinkVersion(write, link.collection, link.version);
  await tables.aliases.remove({ collection: id });
  await tables.links.remove({ collection: id });
  await tables.collections.remove({ id });
}
