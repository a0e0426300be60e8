/** Artifacts: types, collections, versions, memberships, manifests. */
export const artifacts = /* GraphQL */ `
enum ArtifactState { PENDING COMMITTED DELETED }
enum ArtifactCollectionState { READY DELETED }
enum ArtifactCollectionType { SEQUENCE PORTFOLIO }
enum ArtifactDigestAlgorithm { MANIFEST_MD5 MANIFEST_XXH128 }
enum ArtifactManifestType { FULL INCREMENTAL PATCH }
enum ArtifactStorageLayout { V1 V2 }

type Tag {
  id: ID!
  name: String!
  tagCategoryName: String
  attributes: JSONString
}

type TagConnection {
  edges: [TagEdge!]!
}

type TagEdge {
  node: Tag!
}

type ArtifactType {
  id: ID!
  name: String!
  description: String
  createdAt: DateTime!
  artifact(name: String!): Artifact
  artifactCollection(name: String!): ArtifactCollection
  artifactSequence(name: String!): ArtifactSequence
  artifactCollections(after: String, first: Int, filters: JSONString, order: String): ArtifactCollectionConnection
}

type ArtifactTypeConnection {
  totalCount: Int
  pageInfo: PageInfo!
  edges: [ArtifactTypeEdge!]!
}

type ArtifactTypeEdge {
  node: ArtifactType
  cursor: String
}

interface ArtifactCollection {
  id: ID!
  name: String!
  description: String
  createdAt: DateTime!
  updatedAt: DateTime
  state: ArtifactCollectionState
  project: Project
  defaultArtifactType: ArtifactType!
  tags: TagConnection!
  aliases(after: String, first: Int): ArtifactAliasConnection
  artifacts(after: String, first: Int, order: String, filters: JSONString): VersionedArtifactConnection
  artifactMembership(aliasName: String!): ArtifactCollectionMembership
}

"""A collection of versions that runs have logged."""
type ArtifactSequence implements ArtifactCollection {
  id: ID!
  name: String!
  description: String
  createdAt: DateTime!
  updatedAt: DateTime
  state: ArtifactCollectionState
  project: Project
  defaultArtifactType: ArtifactType!
  tags: TagConnection!
  aliases(after: String, first: Int): ArtifactAliasConnection
  artifacts(after: String, first: Int, order: String, filters: JSONString): VersionedArtifactConnection
  artifactMembership(aliasName: String!): ArtifactCollectionMembership
  latestArtifact: Artifact
  digestAlgorithm: ArtifactDigestAlgorithm
}

"""A collection of versions linked from elsewhere."""
type ArtifactPortfolio implements ArtifactCollection {
  id: ID!
  name: String!
  description: String
  createdAt: DateTime!
  updatedAt: DateTime
  state: ArtifactCollectionState
  project: Project
  defaultArtifactType: ArtifactType!
  tags: TagConnection!
  aliases(after: String, first: Int): ArtifactAliasConnection
  artifacts(after: String, first: Int, order: String, filters: JSONString): VersionedArtifactConnection
  artifactMembership(aliasName: String!): ArtifactCollectionMembership
}

type ArtifactCollectionConnection {
  totalCount: Int
  pageInfo: PageInfo!
  edges: [ArtifactCollectionEdge!]!
}

type ArtifactCollectionEdge {
  node: ArtifactCollection
  cursor: String
}

type VersionedArtifactConnection {
  totalCount: Int!
  pageInfo: PageInfo!
  edges: [VersionedArtifactEdge!]!
}

type VersionedArtifactEdge {
  version: String
  node: Artifact!
  cursor: String!
}

"""The versions that a run has logged."""
type ArtifactConnection {
  totalCount: Int!
  pageInfo: PageInfo!
  edges: [ArtifactEdge!]!
}

type ArtifactEdge {
  node: Artifact!
  cursor: String!
}

"""The versions that a run has used."""
type InputArtifactConnection {
  totalCount: Int!
  pageInfo: PageInfo!
  edges: [InputArtifactEdge!]!
}

type InputArtifactEdge {
  node: Artifact!
  cursor: String!
}

type ArtifactCollectionMembership {
  id: ID!
  versionIndex: Int
  createdAt: DateTime!
  aliases: [ArtifactAlias!]!
  artifactCollection: ArtifactCollection
  artifact: Artifact
  files(names: [String!], after: String, first: Int): FileConnection
}

type ArtifactCollectionMembershipConnection {
  totalCount: Int
  pageInfo: PageInfo
  edges: [ArtifactCollectionMembershipEdge!]!
}

type ArtifactCollectionMembershipEdge {
  node: ArtifactCollectionMembership
  cursor: String
}

type ArtifactAlias {
  id: ID!
  alias: String!
  artifactCollection: ArtifactCollection
  artifactCollectionName: String
}

type ArtifactAliasConnection {
  pageInfo: PageInfo!
  edges: [ArtifactAliasEdge!]!
}

type ArtifactAliasEdge {
  node: ArtifactAlias
  cursor: String
}

union ArtifactCreator = Run | User

type Artifact {
  id: ID!
  artifactSequence: ArtifactSequence!
  artifactType: ArtifactType!
  versionIndex: Int
  description: String
  metadata: JSONString
  labels: JSONString
  ttlDurationSeconds: Int64!
  ttlIsInherited: Boolean!
  tags: [Tag!]!
  historyStep: Int64
  state: ArtifactState!
  size: Int64!
  digest: String!
  digestAlgorithm: ArtifactDigestAlgorithm
  commitHash: String
  fileCount: Int64!
  createdAt: DateTime!
  updatedAt: DateTime
  aliases: [ArtifactAlias!]!
  currentManifest: ArtifactManifest
  createdBy: ArtifactCreator
  usedBy(after: String, first: Int): RunConnection
  artifactMemberships(after: String, first: Int): ArtifactCollectionMembershipConnection
  files(names: [String!], after: String, first: Int): FileConnection
  filesByManifestEntries(
    storageLayout: String!
    manifestVersion: String!
    entries: [ArtifactManifestEntryInput!]
    storageRegion: String
    after: String
    first: Int
  ): FileConnection
}

type ArtifactManifest {
  id: ID!
  digest: String
  file: File!
}

input ArtifactManifestEntryInput {
  name: String!
  digest: String
  birthArtifactID: ID
  storageRegion: String
}
`;
