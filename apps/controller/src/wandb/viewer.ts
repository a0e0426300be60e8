/** Who calls, the entities that own projects, and what this server says of itself. */
import type { User } from '@sweep/store';
import { storageId } from '@sweep/wandb';
import type { WandbParts } from './parts.js';

/** Later than any client: none has a reason to ask for an upgrade. */
const newestClient = '99.0.0';

/**
 * What clients do only where the server says so. Not ARTIFACT_COLLECTION_MEMBERSHIP_FILES: 0.19 would then fetch the files of a linked
 * version by its number in the sequence, which is another version's in the portfolio.
 */
const features = [
  'CLIENT_IDS',
  'ARTIFACT_TAGS',
  'LARGE_FILENAMES',
  'PROJECT_ARTIFACT_COLLECTION_MEMBERSHIP',
  'TOTAL_COUNT_IN_FILE_CONNECTION',
  'ARTIFACT_MEMBERSHIP_IN_LINK_ARTIFACT_RESPONSE',
  'USE_ARTIFACT_WITH_ENTITY_AND_PROJECT_INFORMATION',
  'MARK_RUN_FILES_UPLOADED',
  'STRUCTURED_CONSOLE_LOGS',
  'EXPAND_DEFINED_METRIC_GLOBS',
  'FILESTREAM_GZIP',
  'SWEEPS_LOCAL_SCHEDULER',
];

export function serverInfo() {
  return {
    cliVersionInfo: { max_cli_version: newestClient, min_cli_version: '0.16.0' },
    latestLocalVersionInfo: null,
    features: features.map((name) => ({ name, isEnabled: true })),
  };
}

export function userNode({ store, nodes }: Pick<WandbParts, 'store' | 'nodes'>, user: User) {
  return {
    id: storageId('User', user.id),
    name: user.name,
    username: user.name,
    email: '',
    admin: user.admin,
    flags: '{}',
    entity: user.name,
    photoUrl: null,
    deletedAt: null,
    apiKeys: { edges: [] },
    // The entity of one's own is the first of them.
    teams: async () => ({ edges: [user, ...(await store.teams.list(user.id))].map(({ name }) => ({ node: nodes.entity(name) })) }),
    organizations: [],
  };
}

/** The caller: told of their own keys, without the secrets. */
export function viewerNode(parts: Pick<WandbParts, 'store' | 'nodes'>, user: User) {
  const apiKeys = async () => {
    const now = await parts.store.now();
    const keys = (await parts.store.keys.list(user.id)).filter(
      ({ scope, revokedAt, expiresAt }) => scope !== 'attempt' && revokedAt === null && (expiresAt === null || expiresAt > now),
    );
    return { edges: keys.map(({ id, name }) => ({ node: { id: storageId('ApiKey', id), name, description: null } })) };
  };
  return { ...userNode(parts, user), apiKeys };
}
