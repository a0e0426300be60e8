/** The tables of artifacts; properties are named as the fields of the records. The SQL in `migrations/` is the truth. */
import type { BlobHash, ProjectId, RunId, UserId } from '@sweep/domain';
import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { ArtifactCollection, ArtifactManifest, ArtifactState, RunArtifact } from '../artifacts/records.js';

const number = (name: string) => bigint(name, { mode: 'number' });
const place = () => number('place').notNull().generatedAlwaysAsIdentity();
const project = () => text('project_id').$type<ProjectId>().notNull();
const blob = () => text('blob').$type<BlobHash>();
const createdAt = () => number('created_at').notNull();

export const artifactTypes = pgTable('artifact_types', {
  place: place(),
  project: project(),
  name: text('name').notNull(),
  createdAt: createdAt(),
});

export const artifactCollections = pgTable('artifact_collections', {
  place: place(),
  id: text('id').primaryKey(),
  project: project(),
  type: text('type').notNull(),
  name: text('name').notNull(),
  kind: text('kind').$type<ArtifactCollection['kind']>().notNull(),
  description: text('description'),
  tags: text('tags').array().notNull(),
  clientId: text('client_id'),
  nextIndex: integer('next_index').notNull(),
  createdAt: createdAt(),
  updatedAt: number('updated_at'),
});

export const artifactVersions = pgTable('artifact_versions', {
  place: place(),
  id: text('id').primaryKey(),
  collection: text('collection_id').notNull(),
  project: project(),
  state: text('state').$type<ArtifactState>().notNull(),
  index: integer('version_index'),
  digest: text('digest').notNull(),
  description: text('description'),
  metadata: text('metadata'),
  ttlSeconds: number('ttl_seconds'),
  tags: text('tags').array().notNull(),
  historyStep: number('history_step'),
  distributedId: text('distributed_id'),
  wantedAliases: text('wanted_aliases').array().notNull(),
  run: text('run_id').$type<RunId>(),
  user: text('user_id').$type<UserId>().notNull(),
  size: number('size').notNull(),
  fileCount: integer('file_count').notNull(),
  manifestBlob: text('manifest_blob').$type<BlobHash>(),
  manifestDigest: text('manifest_digest'),
  expiresAt: number('expires_at'),
  createdAt: createdAt(),
  updatedAt: number('updated_at'),
});

export const artifactClientIds = pgTable('artifact_client_ids', {
  place: place(),
  clientId: text('client_id').primaryKey(),
  version: text('version_id').notNull(),
});

export const artifactLinks = pgTable('artifact_links', {
  place: place(),
  collection: text('collection_id').notNull(),
  version: text('version_id').notNull(),
  index: integer('version_index').notNull(),
  createdAt: createdAt(),
});

export const artifactAliases = pgTable('artifact_aliases', {
  place: place(),
  collection: text('collection_id').notNull(),
  alias: text('alias').notNull(),
  version: text('version_id').notNull(),
});

export const artifactManifests = pgTable('artifact_manifests', {
  place: place(),
  id: text('id').primaryKey(),
  version: text('version_id').notNull(),
  name: text('name').notNull(),
  kind: text('kind').$type<ArtifactManifest['kind']>().notNull(),
  base: text('base_id'),
  digest: text('digest').notNull(),
  blob: blob(),
  createdAt: createdAt(),
});

export const artifactFiles = pgTable('artifact_files', {
  place: place(),
  version: text('version_id').notNull(),
  path: text('path').notNull(),
  digest: text('digest').notNull(),
  size: number('size'),
  reference: text('reference'),
  blob: blob(),
});

export const artifactContents = pgTable('artifact_contents', {
  place: place(),
  project: project(),
  md5: text('md5').notNull(),
  blob: blob().notNull(),
  size: number('size').notNull(),
  wantedAt: number('wanted_at').notNull(),
});

export const garbage = pgTable('garbage', {
  place: place(),
  blob: blob().notNull(),
  since: number('since').notNull(),
});

export const runArtifacts = pgTable('run_artifacts', {
  place: place(),
  run: text('run_id').$type<RunId>().notNull(),
  version: text('version_id').notNull(),
  role: text('role').$type<RunArtifact['role']>().notNull(),
  usedAs: text('used_as'),
  at: number('at').notNull(),
});
