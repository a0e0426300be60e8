/**
 * The opaque ids of GraphQL objects: base64 of `Kind:key`.
 *
 * The client turns those of artifacts into hex and back, and reads the number inside `ProjectInternalId:<n>`; all others it only returns.
 */
import { base64OfText, textOfBase64 } from './base64.js';

export type StorageKind =
  | 'Agent'
  | 'ApiKey'
  | 'Artifact'
  | 'ArtifactAlias'
  | 'ArtifactCollection'
  | 'ArtifactManifest'
  | 'ArtifactMembership'
  | 'ArtifactType'
  | 'Entity'
  | 'EntityMember'
  | 'File'
  | 'Project'
  | 'ProjectInternalId'
  | 'Run'
  | 'Sweep'
  | 'Tag'
  | 'User';

export const storageId = (kind: StorageKind, key: string | number): string => base64OfText(`${kind}:${key}`);

/** The key inside an id of this kind; undefined for any other text. */
export function storageKey(kind: StorageKind, id: string): string | undefined {
  const text = textOfBase64(id);
  return text?.startsWith(`${kind}:`) && text.length > kind.length + 1 ? text.slice(kind.length + 1) : undefined;
}
