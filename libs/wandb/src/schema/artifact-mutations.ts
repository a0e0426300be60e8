/** Mutations of artifacts and their collections. */
export const artifactMutations = /* GraphQL */ `
extend type Mutation {
  createArtifactType(input: CreateArtifactTypeInput!): CreateArtifactTypePayload
  createArtifact(input: CreateArtifactInput!): CreateArtifactPayload
  createArtifactManifest(input: CreateArtifactManifestInput!): CreateArtifactManifestPayload
  updateArtifactManifest(input: UpdateArtifactManifestInput!): UpdateArtifactManifestPayload
  createArtifactFiles(input: CreateArtifactFilesInput!): CreateArtifactFilesPayload
  completeMultipartUploadArtifact(input: CompleteMultipartUploadArtifactInput!): CompleteMultipartUploadArtifactPayload
  commitArtifact(input: CommitArtifactInput!): CommitArtifactPayload
  useArtifact(input: UseArtifactInput!): UseArtifactPayload
  updateArtifact(input: UpdateArtifactInput!): UpdateArtifactPayload
  deleteArtifact(input: DeleteArtifactInput!): DeleteArtifactPayload
  addAliases(input: AddAliasesInput!): AddAliasesPayload
  deleteAliases(input: DeleteAliasesInput!): DeleteAliasesPayload
  linkArtifact(input: LinkArtifactInput!): LinkArtifactPayload
  unlinkArtifact(input: UnlinkArtifactInput!): UnlinkArtifactPayload
  updateArtifactSequence(input: UpdateArtifactSequenceInput!): UpdateArtifactSequencePayload
  updateArtifactPortfolio(input: UpdateArtifactPortfolioInput!): UpdateArtifactPortfolioPayload
  deleteArtifactSequence(input: DeleteArtifactSequenceInput!): DeleteArtifactSequencePayload
  deleteArtifactPortfolio(input: DeleteArtifactPortfolioInput!): DeleteArtifactPortfolioPayload
  moveArtifactSequence(input: MoveArtifactSequenceInput!): MoveArtifactSequencePayload
  createArtifactCollectionTagAssignments(input: CreateArtifactCollectionTagAssignmentsInput!): CreateArtifactCollectionTagAssignmentsPayload
  deleteArtifactCollectionTagAssignments(input: DeleteArtifactCollectionTagAssignmentsInput!): DeleteArtifactCollectionTagAssignmentsPayload
}

input CreateArtifactTypeInput {
  entityName: String!
  projectName: String!
  name: String!
  description: String
  clientMutationId: String
}

type CreateArtifactTypePayload {
  artifactType: ArtifactType
  clientMutationId: String
}

input CreateArtifactInput {
  entityName: String!
  projectName: String!
  runName: String
  artifactTypeName: String!
  artifactCollectionName: String
  artifactCollectionNames: [String!]
  digest: String!
  digestAlgorithm: ArtifactDigestAlgorithm
  description: String
  aliases: [ArtifactAliasInput!]
  tags: [TagInput!]
  metadata: JSONString
  labels: JSONString
  ttlDurationSeconds: Int64
  historyStep: Int64
  distributedID: String
  clientID: ID
  sequenceClientID: ID
  enableDigestDeduplication: Boolean
  storageRegion: String
  clientMutationId: String
}

type CreateArtifactPayload {
  artifact: Artifact!
  clientMutationId: String
}

input CreateArtifactManifestInput {
  artifactID: ID!
  baseArtifactID: ID
  name: String!
  digest: String!
  entityName: String!
  projectName: String!
  runName: String!
  type: ArtifactManifestType
  clientMutationId: String
}

type CreateArtifactManifestPayload {
  artifactManifest: ArtifactManifest!
  clientMutationId: String
}

input UpdateArtifactManifestInput {
  artifactManifestID: ID!
  digest: String
  baseArtifactID: ID
  clientMutationId: String
}

type UpdateArtifactManifestPayload {
  artifactManifest: ArtifactManifest!
  clientMutationId: String
}

input CreateArtifactFilesInput {
  artifactFiles: [CreateArtifactFileSpecInput!]!
  storageLayout: ArtifactStorageLayout
  cloudRegionID: ID
  digestAlgorithm: ArtifactDigestAlgorithm
  clientMutationId: String
}

type CreateArtifactFilesPayload {
  files: FileConnection!
  clientMutationId: String
}

input CompleteMultipartUploadArtifactInput {
  completeMultipartAction: CompleteMultipartAction!
  completedParts: [UploadPartsInput!]!
  artifactID: ID!
  storagePath: String!
  uploadID: String!
  clientMutationId: String
}

type CompleteMultipartUploadArtifactPayload {
  digest: String
  clientMutationId: String
}

input CommitArtifactInput {
  artifactID: ID!
  clientMutationId: String
}

type CommitArtifactPayload {
  artifact: Artifact!
  clientMutationId: String
}

input UseArtifactInput {
  artifactID: ID!
  entityName: String!
  projectName: String!
  runName: String!
  usedAs: String
  artifactEntityName: String
  artifactProjectName: String
  clientMutationId: String
}

type UseArtifactPayload {
  artifact: Artifact!
  clientMutationId: String
}

input UpdateArtifactInput {
  artifactID: ID!
  description: String
  metadata: JSONString
  labels: JSONString
  aliases: [ArtifactAliasInput!]
  tagsToAdd: [TagInput!]
  tagsToDelete: [TagInput!]
  ttlDurationSeconds: Int64
  clientMutationId: String
}

type UpdateArtifactPayload {
  artifact: Artifact!
  clientMutationId: String
}

input DeleteArtifactInput {
  artifactID: ID!
  deleteAliases: Boolean
  clientMutationId: String
}

type DeleteArtifactPayload {
  artifact: Artifact!
  clientMutationId: String
}

input AddAliasesInput {
  artifactID: ID!
  aliases: [ArtifactCollectionAliasInput!]!
  clientMutationId: String
}

type AddAliasesPayload {
  success: Boolean!
  clientMutationId: String
}

input DeleteAliasesInput {
  artifactID: ID!
  aliases: [ArtifactCollectionAliasInput!]!
  clientMutationId: String
}

type DeleteAliasesPayload {
  success: Boolean!
  clientMutationId: String
}

input LinkArtifactInput {
  artifactPortfolioName: String
  artifactPortfolioID: ID
  entityName: String
  projectName: String
  aliases: [ArtifactAliasInput!]
  artifactID: ID
  clientID: ID
  clientMutationId: String
}

type LinkArtifactPayload {
  versionIndex: Int
  artifactMembership: ArtifactCollectionMembership
  clientMutationId: String
}

input UnlinkArtifactInput {
  artifactID: ID!
  artifactPortfolioID: ID!
  clientMutationId: String
}

type UnlinkArtifactPayload {
  artifactID: ID
  success: Boolean!
  clientMutationId: String
}

input UpdateArtifactSequenceInput {
  artifactSequenceID: ID!
  name: String
  description: String
  clientMutationId: String
}

type UpdateArtifactSequencePayload {
  artifactCollection: ArtifactCollection
  clientMutationId: String
}

input UpdateArtifactPortfolioInput {
  artifactPortfolioID: ID!
  name: String
  description: String
  clientMutationId: String
}

type UpdateArtifactPortfolioPayload {
  artifactCollection: ArtifactCollection
  clientMutationId: String
}

input DeleteArtifactSequenceInput {
  artifactSequenceID: ID!
  clientMutationId: String
}

type DeleteArtifactSequencePayload {
  artifactCollection: ArtifactCollection
  clientMutationId: String
}

input DeleteArtifactPortfolioInput {
  artifactPortfolioID: ID!
  clientMutationId: String
}

type DeleteArtifactPortfolioPayload {
  artifactCollection: ArtifactCollection
  clientMutationId: String
}

input MoveArtifactSequenceInput {
  artifactSequenceID: ID!
  destinationArtifactTypeName: String!
  clientMutationId: String
}

type MoveArtifactSequencePayload {
  artifactCollection: ArtifactCollection
  clientMutationId: String
}

input CreateArtifactCollectionTagAssignmentsInput {
  entityName: String!
  projectName: String!
  artifactCollectionName: String!
  tags: [TagInput!]!
  clientMutationID: String
  clientMutationId: String
}

type CreateArtifactCollectionTagAssignmentsPayload {
  tags: [Tag!]!
  clientMutationId: String
}

input DeleteArtifactCollectionTagAssignmentsInput {
  entityName: String!
  projectName: String!
  artifactCollectionName: String!
  tags: [TagInput!]!
  clientMutationID: String
  clientMutationId: String
}

type DeleteArtifactCollectionTagAssignmentsPayload {
  success: Boolean!
  clientMutationId: String
}

enum CompleteMultipartAction { Complete }

input ArtifactAliasInput {
  artifactCollectionName: String!
  alias: String!
}

input ArtifactCollectionAliasInput {
  artifactCollectionName: String!
  alias: String!
  entityName: String!
  projectName: String!
}

input TagInput {
  tagName: String!
  tagCategoryName: String
  attributes: JSONString
}

input CreateArtifactFileSpecInput {
  artifactID: ID!
  artifactManifestID: ID
  name: String!
  md5: String
  mimetype: String
  uploadPartsInput: [UploadPartsInput!]
  digest: String
}

input UploadPartsInput {
  partNumber: Int64!
  hexMD5: String!
}
`;
