/** Entities: the owners of projects, one for each user. */
import { storageId } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { userNode } from '../viewer.js';
import { projectConnection, projectOf } from './project-node.js';

/** Every user owns the entity of that name. */
export function entityNode(parts: WandbParts, name: string) {
  return {
    id: storageId('Entity', name),
    name,
    available: false,
    photoUrl: null,
    readOnly: false,
    readOnlyAdmin: false,
    isTeam: false,
    entityType: 'user',
    privateOnly: false,
    storageBytes: 0,
    codeSavingEnabled: true,
    defaultAccess: 'PRIVATE',
    isPaid: false,
    limits: null,
    members: [],
    organization: null,
    user: async () => {
      const user = await parts.store.keys.findUserByName(name);
      return user === null ? null : userNode(user);
    },
    project: (args: { readonly name?: string | null }, context: WandbContext) =>
      projectOf(parts, { name: args.name, entityName: name }, context),
    projects: (args: { readonly after?: string | null; readonly first?: number | null }, context: WandbContext) =>
      projectConnection(parts, { ...args, entityName: name }, context),
    xxhashDigestsEnabled: false,
  };
}
