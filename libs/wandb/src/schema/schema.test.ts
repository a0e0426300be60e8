import {
  type GraphQLNamedType,
  getIntrospectionQuery,
  graphqlSync,
  isEnumType,
  isInputObjectType,
  isObjectType,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from './schema.js';

const namesOf = (type: GraphQLNamedType | undefined): readonly string[] =>
  isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];

describe('the schema', () => {
  it('is valid, and can be asked for itself', () => {
    expect(validateSchema(schema)).toEqual([]);
    expect(graphqlSync({ schema, source: getIntrospectionQuery() }).errors).toBeUndefined();
  });

  // Clients up to 0.25 look these up by name and crash on null.
  it.each(
    `Query Mutation ServerInfo ServerSettings Project Run Sweep Artifact Organization LaunchAgent UseArtifactInput CreateArtifactInput
    CreateArtifactFileSpecInput DeleteFilesInput AddAliasesInput CreateRunQueueInput PushToRunQueueInput FailRunQueueItemInput`.split(
      /\s+/,
    ),
  )('has the type %s for clients that look before they ask', (name) => {
    expect(graphqlSync({ schema, source: `{ __type(name: "${name}") { name } }` }).data).toEqual({ __type: { name } });
  });

  it.each(
    `Agent ApiKey Artifact ArtifactAlias ArtifactCollection ArtifactCollectionMembership ArtifactManifest ArtifactPortfolio ArtifactSequence
    ArtifactType CreateArtifactPayload File Organization PageInfo Project Run RunConnection Sweep Tag User ArtifactCollectionConnection
    ArtifactTypeConnection FileConnection VersionedArtifactConnection InputArtifactConnection ArtifactConnection ProjectConnection
    ArtifactAliasInput ArtifactCollectionAliasInput ArtifactManifestEntryInput UploadPartsInput UpsertModelInput TagInput`.split(/\s+/),
  )('has the type %s, which documents name', (name) => {
    expect(schema.getType(name)).toBeDefined();
  });

  it.each([
    ['AlertSeverity', 'INFO WARN ERROR'],
    ['ArtifactState', 'PENDING COMMITTED DELETED'],
    ['ArtifactManifestType', 'FULL INCREMENTAL PATCH'],
    ['CompleteMultipartAction', 'Complete'],
    ['RampIDType', 'OrgName Username EntityName'],
  ])('spells the values of %s as clients do', (name, values) => {
    const type = schema.getType(name);
    expect(isEnumType(type) ? type.getValues().map((value) => value.name) : []).toEqual(values.split(' '));
  });

  it.each([
    ['Query', 'viewer serverInfo project model models entity organization users artifact artifactCollection clientIDMapping'],
    ['Run', 'config wandbConfig summaryMetrics historyKeys historyTail sampledHistory parquetHistory logLines stopped shouldStop'],
    ['Sweep', 'method bestLoss config controller scheduler runCountExpected controllerRunName agents'],
    ['UpsertBucketInput', 'id name groupName modelName entityName config jobProgram jobRepo sweep tags summaryMetrics'],
    ['CreateArtifactInput', 'digestAlgorithm labels ttlDurationSeconds clientID sequenceClientID storageRegion distributedID'],
    ['CreateArtifactFilesInput', 'artifactFiles storageLayout cloudRegionID digestAlgorithm clientMutationId'],
    ['ArtifactSequence', 'latestArtifact digestAlgorithm artifactMembership'],
  ])('has on %s the fields %s', (type, fields) => {
    expect(namesOf(schema.getType(type))).toEqual(expect.arrayContaining(fields.split(' ')));
  });

  it('lets every mutation carry clientMutationId, there and back', () => {
    for (const { name, args } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      const stem = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      expect(namesOf(schema.getType(`${stem}Input`)), name).toContain('clientMutationId');
      expect(namesOf(schema.getType(`${stem}Payload`)), name).toContain('clientMutationId');
      expect(args.map((arg) => String(arg.type))).toEqual([`${stem}Input!`]);
    }
  });
});
