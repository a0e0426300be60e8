/** Entities: the owners of projects, users and teams. */
import type { ArtifactCollection } from '@sweep/store';
import { type FieldArgs, storageId } from '@sweep/wandb';
import { collectionConnection } from '../artifacts/nodes.js';
import type { GraphNode } from '../nodes.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { userNode } from '../viewer.js';
import { projectConnection, projectOf } from './project-node.js';

/** There is one of the name. */
export function entityNode(parts: WandbParts, name: string): GraphNode {
  const { teams, keys } = parts.store;
  const isTeam = async (): Promise<boolean> => (await teams.find(name)) !== null;
  return {
    ...general,
    id: storageId('Entity', name),
    name,
    isTeam,
    entityType: async () => ((await isTeam()) ? 'team' : 'user'),
    members: async () => {
      const owner = await keys.findUserByName(name);
      const members = owner === null ? await teams.members(name) : [{ user: owner.id, name, admin: true }];
      return members.map(({ user, name: member, admin }) => ({
        ...{ id: storageId('EntityMember', user), admin, pending: false, email: '', username: member, name: member },
        ...{ photoUrl: null, accountType: 'USER', apiKey: null },
      }));
    },
    user: async () => {
      const user = await keys.findUserByName(name);
      return user === null ? null : userNode(parts, user);
    },
    project: (args: FieldArgs['Entity.project'], context: WandbContext) => projectOf(parts, { name: args.name, entityName: name }, context),
    projects: (args: FieldArgs['Entity.projects'], context: WandbContext) =>
      projectConnection(parts, { ...args, entityName: name }, context),
    artifactCollections: async (args: FieldArgs['Entity.artifactCollections'], context: WandbContext) =>
      collectionConnection(parts, await collectionsOf(parts, name, context), args),
  };
}

/** What is the same for all of them. */
const general = {
  ...{ available: false, photoUrl: null, readOnly: false, readOnlyAdmin: false, privateOnly: false, storageBytes: 0 },
  ...{ codeSavingEnabled: true, defaultAccess: 'PRIVATE', isPaid: false, limits: null, organization: null },
  xxhashDigestsEnabled: false,
} as const;

async function collectionsOf({ store }: WandbParts, entity: string, { scope }: WandbContext): Promise<readonly ArtifactCollection[]> {
  const projects = (await store.projects.ofEntity(entity)).filter(({ id }) => scope.mayRead(id));
  return (await Promise.all(projects.map(({ id }) => store.artifacts.collections(id, null)))).flat();
}
