/**
 * What resolvers are given, as TypeScript. Follows the schema: `npx vitest run --project unit libs/wandb -u` writes it anew.
 */

export type RampIDType = 'OrgName' | 'Username' | 'EntityName';

export type ArtifactState = 'PENDING' | 'COMMITTED' | 'DELETED';

export type ArtifactCollectionState = 'READY' | 'DELETED';

export type ArtifactCollectionType = 'SEQUENCE' | 'PORTFOLIO';

export type ArtifactDigestAlgorithm = 'MANIFEST_MD5' | 'MANIFEST_XXH128';

export type ArtifactManifestType = 'FULL' | 'INCREMENTAL' | 'PATCH';

export type ArtifactStorageLayout = 'V1' | 'V2';

export type AlertSeverity = 'INFO' | 'WARN' | 'ERROR';

export type CompleteMultipartAction = 'Complete';

export interface ArtifactManifestEntryInput {
  readonly name: string;
  readonly digest?: string | null;
  readonly birthArtifactID?: string | null;
  readonly storageRegion?: string | null;
}

export interface UpsertBucketInput {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly groupName?: string | null;
  readonly modelName?: string | null;
  readonly entityName?: string | null;
  readonly description?: string | null;
  readonly displayName?: string | null;
  readonly notes?: string | null;
  readonly config?: string | null;
  readonly commit?: string | null;
  readonly host?: string | null;
  readonly debug?: boolean | null;
  readonly jobProgram?: string | null;
  readonly jobRepo?: string | null;
  readonly jobType?: string | null;
  readonly state?: string | null;
  readonly sweep?: string | null;
  readonly tags?: readonly string[] | null;
  readonly summaryMetrics?: string | null;
  readonly clientMutationId?: string | null;
}

export interface RewindRunInput {
  readonly runName: string;
  readonly entityName?: string | null;
  readonly projectName?: string | null;
  readonly metricName: string;
  readonly metricValue: number;
  readonly clientMutationId?: string | null;
}

export interface StopRunInput {
  readonly id: string;
  readonly clientMutationId?: string | null;
}

export interface DeleteRunInput {
  readonly id: string;
  readonly deleteArtifacts?: boolean | null;
  readonly clientMutationId?: string | null;
}

export interface UpdateRunStateInput {
  readonly id: string;
  readonly state: string;
  readonly clientMutationId?: string | null;
}

export interface CreateRunFilesInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly runName: string;
  readonly files: readonly string[];
  readonly clientMutationId?: string | null;
}

export interface MarkRunFilesUploadedInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly runName: string;
  readonly files: readonly string[];
  readonly clientMutationId?: string | null;
}

export interface DeleteFilesInput {
  readonly files: readonly string[];
  readonly projectId?: number | null;
  readonly clientMutationId?: string | null;
}

export interface NotifyScriptableRunAlertInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly runName: string;
  readonly title: string;
  readonly text: string;
  readonly severity?: AlertSeverity | null;
  readonly waitDuration?: number | null;
  readonly clientMutationId?: string | null;
}

export interface CreateCustomChartInput {
  readonly entity: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly access: string;
  readonly spec: string;
  readonly clientMutationId?: string | null;
}

export interface UpsertModelInput {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly entityName?: string | null;
  readonly description?: string | null;
  readonly access?: string | null;
  readonly views?: string | null;
  readonly isBenchmark?: boolean | null;
  readonly isPublished?: boolean | null;
  readonly repo?: string | null;
  readonly dockerImage?: string | null;
  readonly framework?: string | null;
  readonly linkedBenchmark?: string | null;
  readonly owner?: string | null;
  readonly icon?: ProjectIconInput | null;
  readonly rateLimits?: RateLimitsInput | null;
  readonly allowAllArtifactTypesInRegistry?: boolean | null;
  readonly artifactTypes?: readonly ArtifactTypeInput[] | null;
  readonly clientMutationId?: string | null;
}

export interface CreateTeamInput {
  readonly teamName: string;
  readonly teamAdminUserName?: string | null;
  readonly organizationId?: string | null;
  readonly storageBucketInfo?: unknown | null;
  readonly clientMutationId?: string | null;
}

export interface CreateInviteInput {
  readonly entityName: string;
  readonly email?: string | null;
  readonly username?: string | null;
  readonly admin?: boolean | null;
  readonly clientMutationId?: string | null;
}

export interface DeleteInviteInput {
  readonly id?: string | null;
  readonly entityName?: string | null;
  readonly clientMutationId?: string | null;
}

export interface ArtifactTypeInput {
  readonly name: string;
  readonly description?: string | null;
}

export interface ProjectIconInput {
  readonly color: string;
  readonly name: string;
}

export interface RateLimitsInput {
  readonly createArtifacts?: number | null;
  readonly createArtifactsRequestCount?: number | null;
  readonly createArtifactsTimeWindow?: number | null;
  readonly filestreamCount?: number | null;
  readonly filestreamPerRunCount?: number | null;
  readonly filestreamSize?: number | null;
  readonly graphql?: number | null;
  readonly runUpdateCount?: number | null;
  readonly sdkGraphql?: number | null;
  readonly sdkGraphqlQuerySeconds?: number | null;
}

export interface UpsertSweepInput {
  readonly id?: string | null;
  readonly config?: string | null;
  readonly description?: string | null;
  readonly entityName?: string | null;
  readonly projectName?: string | null;
  readonly controller?: string | null;
  readonly scheduler?: string | null;
  readonly launchScheduler?: string | null;
  readonly templateVariableValues?: string | null;
  readonly state?: string | null;
  readonly priorRunsFilters?: string | null;
  readonly displayName?: string | null;
  readonly clientMutationId?: string | null;
}

export interface CreateAgentInput {
  readonly host: string;
  readonly projectName?: string | null;
  readonly entityName?: string | null;
  readonly sweep: string;
  readonly clientMutationId?: string | null;
}

export interface AgentHeartbeatInput {
  readonly id: string;
  readonly metrics?: string | null;
  readonly runState?: string | null;
  readonly clientMutationId?: string | null;
}

export interface EnqueueSweepRunInput {
  readonly id: string;
  readonly config: string;
  readonly displayName?: string | null;
  readonly clientMutationId?: string | null;
}

export interface CreateRunQueueInput {
  readonly queueName?: string | null;
}

export interface PushToRunQueueInput {
  readonly queueName?: string | null;
}

export interface FailRunQueueItemInput {
  readonly runQueueItemId?: string | null;
}

export interface CreateArtifactTypeInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly name: string;
  readonly description?: string | null;
  readonly clientMutationId?: string | null;
}

export interface CreateArtifactInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly runName?: string | null;
  readonly artifactTypeName: string;
  readonly artifactCollectionName?: string | null;
  readonly artifactCollectionNames?: readonly string[] | null;
  readonly digest: string;
  readonly digestAlgorithm?: ArtifactDigestAlgorithm | null;
  readonly description?: string | null;
  readonly aliases?: readonly ArtifactAliasInput[] | null;
  readonly tags?: readonly TagInput[] | null;
  readonly metadata?: string | null;
  readonly labels?: string | null;
  readonly ttlDurationSeconds?: number | null;
  readonly historyStep?: number | null;
  readonly distributedID?: string | null;
  readonly clientID?: string | null;
  readonly sequenceClientID?: string | null;
  readonly enableDigestDeduplication?: boolean | null;
  readonly storageRegion?: string | null;
  readonly clientMutationId?: string | null;
}

export interface CreateArtifactManifestInput {
  readonly artifactID: string;
  readonly baseArtifactID?: string | null;
  readonly name: string;
  readonly digest: string;
  readonly entityName: string;
  readonly projectName: string;
  readonly runName: string;
  readonly type?: ArtifactManifestType | null;
  readonly clientMutationId?: string | null;
}

export interface UpdateArtifactManifestInput {
  readonly artifactManifestID: string;
  readonly digest?: string | null;
  readonly baseArtifactID?: string | null;
  readonly clientMutationId?: string | null;
}

export interface CreateArtifactFilesInput {
  readonly artifactFiles: readonly CreateArtifactFileSpecInput[];
  readonly storageLayout?: ArtifactStorageLayout | null;
  readonly cloudRegionID?: string | null;
  readonly digestAlgorithm?: ArtifactDigestAlgorithm | null;
  readonly clientMutationId?: string | null;
}

export interface CompleteMultipartUploadArtifactInput {
  readonly completeMultipartAction: CompleteMultipartAction;
  readonly completedParts: readonly UploadPartsInput[];
  readonly artifactID: string;
  readonly storagePath: string;
  readonly uploadID: string;
  readonly clientMutationId?: string | null;
}

export interface CommitArtifactInput {
  readonly artifactID: string;
  readonly clientMutationId?: string | null;
}

export interface UseArtifactInput {
  readonly artifactID: string;
  readonly entityName: string;
  readonly projectName: string;
  readonly runName: string;
  readonly usedAs?: string | null;
  readonly artifactEntityName?: string | null;
  readonly artifactProjectName?: string | null;
  readonly clientMutationId?: string | null;
}

export interface UpdateArtifactInput {
  readonly artifactID: string;
  readonly description?: string | null;
  readonly metadata?: string | null;
  readonly labels?: string | null;
  readonly aliases?: readonly ArtifactAliasInput[] | null;
  readonly tagsToAdd?: readonly TagInput[] | null;
  readonly tagsToDelete?: readonly TagInput[] | null;
  readonly ttlDurationSeconds?: number | null;
  readonly clientMutationId?: string | null;
}

export interface DeleteArtifactInput {
  readonly artifactID: string;
  readonly deleteAliases?: boolean | null;
  readonly clientMutationId?: string | null;
}

export interface AddAliasesInput {
  readonly artifactID: string;
  readonly aliases: readonly ArtifactCollectionAliasInput[];
  readonly clientMutationId?: string | null;
}

export interface DeleteAliasesInput {
  readonly artifactID: string;
  readonly aliases: readonly ArtifactCollectionAliasInput[];
  readonly clientMutationId?: string | null;
}

export interface LinkArtifactInput {
  readonly artifactPortfolioName?: string | null;
  readonly artifactPortfolioID?: string | null;
  readonly entityName?: string | null;
  readonly projectName?: string | null;
  readonly aliases?: readonly ArtifactAliasInput[] | null;
  readonly artifactID?: string | null;
  readonly clientID?: string | null;
  readonly clientMutationId?: string | null;
}

export interface UnlinkArtifactInput {
  readonly artifactID: string;
  readonly artifactPortfolioID: string;
  readonly clientMutationId?: string | null;
}

export interface UpdateArtifactSequenceInput {
  readonly artifactSequenceID: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly clientMutationId?: string | null;
}

export interface UpdateArtifactPortfolioInput {
  readonly artifactPortfolioID: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly clientMutationId?: string | null;
}

export interface DeleteArtifactSequenceInput {
  readonly artifactSequenceID: string;
  readonly clientMutationId?: string | null;
}

export interface DeleteArtifactPortfolioInput {
  readonly artifactPortfolioID: string;
  readonly clientMutationId?: string | null;
}

export interface MoveArtifactSequenceInput {
  readonly artifactSequenceID: string;
  readonly destinationArtifactTypeName: string;
  readonly clientMutationId?: string | null;
}

export interface CreateArtifactCollectionTagAssignmentsInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly artifactCollectionName: string;
  readonly tags: readonly TagInput[];
  readonly clientMutationID?: string | null;
  readonly clientMutationId?: string | null;
}

export interface DeleteArtifactCollectionTagAssignmentsInput {
  readonly entityName: string;
  readonly projectName: string;
  readonly artifactCollectionName: string;
  readonly tags: readonly TagInput[];
  readonly clientMutationID?: string | null;
  readonly clientMutationId?: string | null;
}

export interface ArtifactAliasInput {
  readonly artifactCollectionName: string;
  readonly alias: string;
}

export interface ArtifactCollectionAliasInput {
  readonly artifactCollectionName: string;
  readonly alias: string;
  readonly entityName: string;
  readonly projectName: string;
}

export interface TagInput {
  readonly tagName: string;
  readonly tagCategoryName?: string | null;
  readonly attributes?: string | null;
}

export interface CreateArtifactFileSpecInput {
  readonly artifactID: string;
  readonly artifactManifestID?: string | null;
  readonly name: string;
  readonly md5?: string | null;
  readonly mimetype?: string | null;
  readonly uploadPartsInput?: readonly UploadPartsInput[] | null;
  readonly digest?: string | null;
}

export interface UploadPartsInput {
  readonly partNumber: number;
  readonly hexMD5: string;
}

/** Arguments of the root fields of queries. */
export interface QueryArgs {
  readonly viewer: object;
  readonly serverInfo: object;
  readonly project: { readonly name?: string | null; readonly entityName?: string | null };
  readonly model: { readonly name?: string | null; readonly entityName?: string | null };
  readonly models: { readonly entityName?: string | null; readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly entity: { readonly name?: string | null };
  readonly organization: { readonly name?: string | null };
  readonly users: { readonly query?: string | null };
  readonly artifact: { readonly id: string };
  readonly artifactCollection: { readonly id: string };
  readonly clientIDMapping: { readonly clientID: string };
}

/** The `input` of each mutation. */
export interface MutationInputs {
  readonly upsertBucket: UpsertBucketInput;
  readonly rewindRun: RewindRunInput;
  readonly stopRun: StopRunInput;
  readonly deleteRun: DeleteRunInput;
  readonly updateRunState: UpdateRunStateInput;
  readonly createRunFiles: CreateRunFilesInput;
  readonly markRunFilesUploaded: MarkRunFilesUploadedInput;
  readonly deleteFiles: DeleteFilesInput;
  readonly notifyScriptableRunAlert: NotifyScriptableRunAlertInput;
  readonly createCustomChart: CreateCustomChartInput;
  readonly upsertModel: UpsertModelInput;
  readonly createTeam: CreateTeamInput;
  readonly createInvite: CreateInviteInput;
  readonly deleteInvite: DeleteInviteInput;
  readonly upsertSweep: UpsertSweepInput;
  readonly createAgent: CreateAgentInput;
  readonly agentHeartbeat: AgentHeartbeatInput;
  readonly enqueueSweepRun: EnqueueSweepRunInput;
  readonly createArtifactType: CreateArtifactTypeInput;
  readonly createArtifact: CreateArtifactInput;
  readonly createArtifactManifest: CreateArtifactManifestInput;
  readonly updateArtifactManifest: UpdateArtifactManifestInput;
  readonly createArtifactFiles: CreateArtifactFilesInput;
  readonly completeMultipartUploadArtifact: CompleteMultipartUploadArtifactInput;
  readonly commitArtifact: CommitArtifactInput;
  readonly useArtifact: UseArtifactInput;
  readonly updateArtifact: UpdateArtifactInput;
  readonly deleteArtifact: DeleteArtifactInput;
  readonly addAliases: AddAliasesInput;
  readonly deleteAliases: DeleteAliasesInput;
  readonly linkArtifact: LinkArtifactInput;
  readonly unlinkArtifact: UnlinkArtifactInput;
  readonly updateArtifactSequence: UpdateArtifactSequenceInput;
  readonly updateArtifactPortfolio: UpdateArtifactPortfolioInput;
  readonly deleteArtifactSequence: DeleteArtifactSequenceInput;
  readonly deleteArtifactPortfolio: DeleteArtifactPortfolioInput;
  readonly moveArtifactSequence: MoveArtifactSequenceInput;
  readonly createArtifactCollectionTagAssignments: CreateArtifactCollectionTagAssignmentsInput;
  readonly deleteArtifactCollectionTagAssignments: DeleteArtifactCollectionTagAssignmentsInput;
}

/** Arguments of fields of objects. */
export interface FieldArgs {
  readonly 'Entity.project': { readonly name?: string | null };
  readonly 'Entity.projects': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly 'Entity.artifactCollections': { readonly after?: string | null; readonly first?: number | null; readonly filters?: string | null; readonly order?: string | null };
  readonly 'Entity.artifactMemberships': { readonly after?: string | null; readonly first?: number | null; readonly filters?: string | null; readonly order?: string | null };
  readonly 'Organization.featureFlags': { readonly rampIDType: RampIDType };
  readonly 'Project.runCount': { readonly filters?: string | null };
  readonly 'Project.run': { readonly name: string; readonly desc?: string | null };
  readonly 'Project.bucket': { readonly name: string; readonly missingOk?: boolean | null; readonly desc?: string | null };
  readonly 'Project.runs': { readonly filters?: string | null; readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly 'Project.buckets': { readonly filters?: string | null; readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly 'Project.sweep': { readonly sweepName: string };
  readonly 'Project.sweeps': { readonly after?: string | null; readonly first?: number | null; readonly filters?: string | null };
  readonly 'Project.artifact': { readonly name: string; readonly enableTracking?: boolean | null };
  readonly 'Project.artifactType': { readonly name: string };
  readonly 'Project.artifactTypes': { readonly after?: string | null; readonly first?: number | null; readonly includeAll?: boolean | null };
  readonly 'Project.artifactCollection': { readonly name: string };
  readonly 'Project.artifactCollections': { readonly after?: string | null; readonly first?: number | null; readonly filters?: string | null; readonly order?: string | null };
  readonly 'Project.artifactCollectionMembership': { readonly name: string };
  readonly 'Run.wandbConfig': { readonly keys?: readonly string[] | null };
  readonly 'Run.history': { readonly minStep?: number | null; readonly maxStep?: number | null; readonly samples?: number | null };
  readonly 'Run.events': { readonly samples?: number | null };
  readonly 'Run.sampledHistory': { readonly specs: readonly string[] };
  readonly 'Run.parquetHistory': { readonly liveKeys: readonly string[] };
  readonly 'Run.files': { readonly names?: readonly (string | null)[] | null; readonly after?: string | null; readonly first?: number | null; readonly pattern?: string | null };
  readonly 'Run.logLines': { readonly first?: number | null; readonly after?: string | null; readonly last?: number | null; readonly before?: string | null; readonly useImprovedPagination?: boolean | null };
  readonly 'Run.outputArtifacts': { readonly after?: string | null; readonly first?: number | null };
  readonly 'Run.inputArtifacts': { readonly after?: string | null; readonly first?: number | null };
  readonly 'File.url': { readonly upload?: boolean | null };
  readonly 'Sweep.runs': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly 'Sweep.priorRuns': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null };
  readonly 'Sweep.agent': { readonly agentName: string };
  readonly 'Agent.runs': { readonly after?: string | null; readonly before?: string | null; readonly first?: number | null; readonly last?: number | null; readonly order?: string | null };
  readonly 'ArtifactType.artifact': { readonly name: string };
  readonly 'ArtifactType.artifactCollection': { readonly name: string };
  readonly 'ArtifactType.artifactSequence': { readonly name: string };
  readonly 'ArtifactType.artifactCollections': { readonly after?: string | null; readonly first?: number | null; readonly filters?: string | null; readonly order?: string | null };
  readonly 'ArtifactCollection.aliases': { readonly after?: string | null; readonly first?: number | null };
  readonly 'ArtifactCollection.artifacts': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null; readonly filters?: string | null };
  readonly 'ArtifactCollection.artifactMembership': { readonly aliasName: string };
  readonly 'ArtifactSequence.aliases': { readonly after?: string | null; readonly first?: number | null };
  readonly 'ArtifactSequence.artifacts': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null; readonly filters?: string | null };
  readonly 'ArtifactSequence.artifactMembership': { readonly aliasName: string };
  readonly 'ArtifactPortfolio.aliases': { readonly after?: string | null; readonly first?: number | null };
  readonly 'ArtifactPortfolio.artifacts': { readonly after?: string | null; readonly first?: number | null; readonly order?: string | null; readonly filters?: string | null };
  readonly 'ArtifactPortfolio.artifactMembership': { readonly aliasName: string };
  readonly 'ArtifactCollectionMembership.files': { readonly names?: readonly string[] | null; readonly after?: string | null; readonly first?: number | null };
  readonly 'Artifact.usedBy': { readonly after?: string | null; readonly first?: number | null };
  readonly 'Artifact.artifactMemberships': { readonly after?: string | null; readonly first?: number | null };
  readonly 'Artifact.files': { readonly names?: readonly string[] | null; readonly after?: string | null; readonly first?: number | null };
  readonly 'Artifact.filesByManifestEntries': { readonly storageLayout: string; readonly manifestVersion: string; readonly entries?: readonly ArtifactManifestEntryInput[] | null; readonly storageRegion?: string | null; readonly after?: string | null; readonly first?: number | null };
}
