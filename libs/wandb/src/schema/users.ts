/** Users, their keys, and the entities that own projects. */
export const users = /* GraphQL */ `
type User {
  id: ID!
  name: String!
  username: String
  email: String
  admin: Boolean
  flags: JSONString
  entity: String
  photoUrl: String
  deletedAt: DateTime
  apiKeys: ApiKeyConnection
  teams: EntityConnection
  organizations: [Organization!]
}

type UserConnection {
  edges: [UserEdge!]!
  pageInfo: PageInfo
}

type UserEdge {
  node: User
  cursor: String
}

type ApiKey {
  id: ID!
  name: String!
  description: String
}

type ApiKeyConnection {
  edges: [ApiKeyEdge!]!
}

type ApiKeyEdge {
  node: ApiKey
}

type Entity {
  id: ID!
  name: String!
  available: Boolean
  photoUrl: String
  readOnly: Boolean
  readOnlyAdmin: Boolean!
  isTeam: Boolean!
  entityType: String
  privateOnly: Boolean!
  storageBytes: Int64!
  codeSavingEnabled: Boolean!
  defaultAccess: String!
  isPaid: Boolean
  limits: JSON
  members: [EntityMember!]!
  organization: Organization
  user: User
  project(name: String): Project
  projects(after: String, first: Int, order: String): ProjectConnection
  artifactCollections(after: String, first: Int, filters: JSONString, order: String): ArtifactCollectionConnection
  artifactMemberships(after: String, first: Int, filters: JSONString, order: String): ArtifactCollectionMembershipConnection
  xxhashDigestsEnabled: Boolean
}

type EntityConnection {
  edges: [EntityEdge!]!
}

type EntityEdge {
  node: Entity
}

type EntityMember {
  id: ID!
  admin: Boolean
  pending: Boolean
  email: String
  username: String
  name: String
  photoUrl: String
  accountType: String
  apiKey: String
}

enum RampIDType { OrgName Username EntityName }

type Organization {
  id: ID!
  name: String!
  orgEntity: Entity
  coreWeaveOrganizationId: String
  featureFlags(rampIDType: RampIDType!): [OrganizationFeatureFlag!]
  advancedRegistryFeatures: AdvancedRegistryFeatures
}

type OrganizationFeatureFlag {
  rampKey: String!
  isEnabled: Boolean!
}

type AdvancedRegistryFeatures {
  advancedSearch: Boolean
}
`;
