/** The GraphQL operations of artifacts, by their root field, and the fields of projects that lead to artifacts. */
import { NotFound } from '@sweep/domain';
import type { ArtifactType, Project } from '@sweep/store';
import { type FieldArgs, type Resolvers, storageId, storageKey } from '@sweep/wandb';
import { pageOfAll } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
import {
  commitArtifact,
  createArtifact,
  createArtifactFiles,
  createArtifactManifest,
  updateArtifactManifest,
  useArtifact,
} from './creating.js';
import {
  addAliases,
  addCollectionTags,
  deleteAliases,
  deleteArtifact,
  deleteCollection,
  deleteCollectionTags,
  linkArtifact,
  moveArtifactSequence,
  unlinkArtifact,
  updateArtifact,
  updateCollection,
} from './editing.js';
import { membershipNamed, readableVersion } from './found.js';
import { artifactNode, collectionConnection, collectionNode, membershipNode, typeNode } from './nodes.js';

export function artifactResolvers(parts: WandbParts): Resolvers<WandbContext> {
  return {
    query: {
      artifact: async ({ id }, context) => {
        const version = await readableVersion(parts, id, context);
        return version === null ? null : artifactNode(parts, version);
      },
      artifactCollection: async ({ id }, { scope }) => {
        const found = await parts.store.artifacts.collection({ id: storageKey('ArtifactCollection', id) ?? '' });
        return found === null || !scope.mayRead(found.project) ? null : collectionNode(parts, found);
      },
      clientIDMapping: async ({ clientID }, { scope }) => {
        const version = await parts.store.artifacts.version({ clientId: clientID });
        return version === null || !scope.mayRead(version.project) ? null : { serverID: storageId('Artifact', version.id) };
      },
    },
    mutation: artifactMutations(parts),
  };
}

function artifactMutations(parts: WandbParts): Resolvers<WandbContext>['mutation'] {
  return {
    createArtifact: (input, context) => createArtifact(parts, input, context),
    createArtifactManifest: (input, context) => createArtifactManifest(parts, input, context),
    updateArtifactManifest: (input, context) => updateArtifactManifest(parts, input, context),
    createArtifactFiles: (input, context) => createArtifactFiles(parts, input, context),
    // Never announced: files of any size are sent whole.
    completeMultipartUploadArtifact: () => {
      throw new NotFound('this server splits no uploads: send the file whole, by its link');
    },
    commitArtifact: (input, context) => commitArtifact(parts, input, context),
    useArtifact: (input, context) => useArtifact(parts, input, context),
    updateArtifact: (input, context) => updateArtifact(parts, input, context),
    deleteArtifact: (input, context) => deleteArtifact(parts, input, context),
    addAliases: (input, context) => addAliases(parts, input, context),
    deleteAliases: (input, context) => deleteAliases(parts, input, context),
    linkArtifact: (input, context) => linkArtifact(parts, input, context),
    unlinkArtifact: (input, context) => unlinkArtifact(parts, input, context),
    updateArtifactSequence: (input, context) => updateCollection(parts, { ...input, id: input.artifactSequenceID }, context),
    updateArtifactPortfolio: (input, context) => updateCollection(parts, { ...input, id: input.artifactPortfolioID }, context),
    deleteArtifactSequence: ({ artifactSequenceID: id }, context) => deleteCollection(parts, { id }, context),
    deleteArtifactPortfolio: ({ artifactPortfolioID: id }, context) => deleteCollection(parts, { id }, context),
    moveArtifactSequence: (input, context) => moveArtifactSequence(parts, input, context),
    createArtifactCollectionTagAssignments: (input, context) => addCollectionTags(parts, input, context),
    deleteArtifactCollectionTagAssignments: (input, context) => deleteCollectionTags(parts, input, context),
  };
}

/** What a project answers about its artifacts. */
export function artifactsOfProject(parts: WandbParts, project: Project): object {
  const { artifacts } = parts.store;
  const membership = ({ name }: FieldArgs['Project.artifact']) => membershipNamed(parts, project, name);
  const node = (type: ArtifactType) => typeNode(parts, type);
  return {
    artifact: async (args: FieldArgs['Project.artifact']) => {
      const found = await membership(args);
      return found === null ? null : artifactNode(parts, found.version);
    },
    artifactCollectionMembership: async (args: FieldArgs['Project.artifactCollectionMembership']) => {
      const found = await membership(args);
      return found === null ? null : membershipNode(parts, found);
    },
    artifactType: async ({ name }: FieldArgs['Project.artifactType']) => {
      const found = (await artifacts.types(project.id)).find((type) => type.name === name);
      return found === undefined ? null : node(found);
    },
    artifactTypes: async (args: FieldArgs['Project.artifactTypes']) => pageOfAll(await artifacts.types(project.id), args, node),
    artifactCollection: async ({ name }: FieldArgs['Project.artifactCollection']) => {
      const found = await artifacts.collection({ project: project.id, name });
      return found === null ? null : collectionNode(parts, found);
    },
    artifactCollections: async (args: FieldArgs['Project.artifactCollections']) =>
      collectionConnection(parts, await artifacts.collections(project.id, null), args),
  };
}
