/** What is kept of artifacts. A version is in one sequence, to which it was logged, and in any number of portfolios that link it. */
import type { BlobHash, ProjectId, RunId, UserId } from '@sweep/domain';

export interface ArtifactType {
  readonly project: ProjectId;
  readonly name: string;
  readonly createdAt: number;
}

export interface ArtifactCollection {
  readonly id: string;
  readonly project: ProjectId;
  readonly type: string;
  /** Unique in its project, whatever the type. */
  readonly name: string;
  /** `sequence`: what runs log; `portfolio`: what is linked. */
  readonly kind: 'sequence' | 'portfolio';
  readonly description: string | null;
  readonly tags: readonly string[];
  /** As the client called it before it knew the id. */
  readonly clientId: string | null;
  /** Of the next version; the number of a deleted one is never given again. */
  readonly nextIndex: number;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

export type ArtifactState = 'PENDING' | 'COMMITTED' | 'DELETED';

export interface ArtifactVersion {
  readonly id: string;
  /** The sequence. */
  readonly collection: string;
  readonly project: ProjectId;
  readonly state: ArtifactState;
  /** In the sequence; null until it is committed. */
  readonly index: number | null;
  readonly digest: string;
  readonly description: string | null;
  /** JSON, as the client sent it. */
  readonly metadata: string | null;
  /** Null: as the collection has it. */
  readonly ttlSeconds: number | null;
  readonly tags: readonly string[];
  readonly historyStep: number | null;
  /** Several programs that make one version together give the same. */
  readonly distributedId: string | null;
  /** Given when it is committed. */
  readonly wantedAliases: readonly string[];
  readonly run: RunId | null;
  readonly user: UserId;
  /** Bytes of its files, references not counted. */
  readonly size: number;
  readonly fileCount: number;
  readonly manifestBlob: BlobHash | null;
  readonly manifestDigest: string | null;
  /** When its time is over: committed it is deleted then, pending given up, deleted forgotten. Null: never. */
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number | null;
}

/** What a client called a version before it knew the id. One that logs the same content again adds a further one. */
export interface ArtifactClientId {
  readonly clientId: string;
  readonly version: string;
}

/** That a version is in a collection. */
export interface ArtifactLink {
  readonly collection: string;
  readonly version: string;
  readonly index: number;
  readonly createdAt: number;
}

export interface ArtifactAlias {
  readonly collection: string;
  readonly alias: string;
  readonly version: string;
}

export interface ArtifactManifest {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  /** `FULL` says all; the others add to what the base holds. */
  readonly kind: 'FULL' | 'INCREMENTAL' | 'PATCH';
  readonly base: string | null;
  /** MD5 in base64; empty until the client knows it. */
  readonly digest: string;
  /** Null until its bytes have come. */
  readonly blob: BlobHash | null;
  readonly createdAt: number;
}

export interface ArtifactFile {
  readonly version: string;
  readonly path: string;
  /** MD5 in base64; of a reference whatever identifies it. */
  readonly digest: string;
  readonly size: number | null;
  /** An address elsewhere: nothing of it is stored here. */
  readonly reference: string | null;
  readonly blob: BlobHash | null;
}

/** A content that a project has, by what clients call it. */
export interface ArtifactContent {
  readonly project: ProjectId;
  /** In base64. */
  readonly md5: string;
  readonly blob: BlobHash;
  readonly size: number;
  /** When a client last asked for it or sent it. */
  readonly wantedAt: number;
}

/** A blob that something referred to and does no more. */
export interface Garbage {
  readonly blob: BlobHash;
  readonly since: number;
}

export interface RunArtifact {
  readonly run: RunId;
  readonly version: string;
  readonly role: 'input' | 'output';
  readonly usedAs: string | null;
  readonly at: number;
}
