/**
 * Every route of the HTTP API, as data: the client calls them, and the controller's tests enumerate them.
 *
 * Owns methods and paths. What a body and an answer look like is in schemas.ts; who may call is the controller's.
 */

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: HttpMethod;
  /** From the origin; `{name}` stands for one percent-encoded component. */
  readonly path: string;
  /** Makes something: the client sends an `Idempotency-Key`, so that a repeated call makes it once. */
  readonly creates?: true;
}

const base = '/api/v1';

export const routes = {
  createSweep: { method: 'POST', path: `${base}/sweeps`, creates: true },
  listSweeps: { method: 'GET', path: `${base}/sweeps` },
  getSweep: { method: 'GET', path: `${base}/sweeps/{id}` },
  editSweep: { method: 'PATCH', path: `${base}/sweeps/{id}` },
  removeSweep: { method: 'DELETE', path: `${base}/sweeps/{id}` },
  pauseSweep: { method: 'POST', path: `${base}/sweeps/{id}/pause` },
  resumeSweep: { method: 'POST', path: `${base}/sweeps/{id}/resume` },
  stopSweep: { method: 'POST', path: `${base}/sweeps/{id}/stop` },
  cancelSweep: { method: 'POST', path: `${base}/sweeps/{id}/cancel` },
  retrySweep: { method: 'POST', path: `${base}/sweeps/{id}/retry`, creates: true },
  cloneSweep: { method: 'POST', path: `${base}/sweeps/{id}/clone`, creates: true },
  ask: { method: 'POST', path: `${base}/sweeps/{id}/ask`, creates: true },
  listTrials: { method: 'GET', path: `${base}/sweeps/{id}/trials` },
  enqueueTrials: { method: 'POST', path: `${base}/sweeps/{id}/trials`, creates: true },
  bestTrials: { method: 'GET', path: `${base}/sweeps/{id}/best` },
  searchLog: { method: 'GET', path: `${base}/sweeps/{id}/search-log` },
  listRevisions: { method: 'GET', path: `${base}/sweeps/{id}/revisions` },
  listSweepDecisions: { method: 'GET', path: `${base}/sweeps/{id}/decisions` },
  importance: { method: 'GET', path: `${base}/sweeps/{id}/importance` },
  sweepPoints: { method: 'GET', path: `${base}/sweeps/{id}/points` },
  sweepTimeline: { method: 'GET', path: `${base}/sweeps/{id}/timeline` },
  sweepSlice: { method: 'GET', path: `${base}/sweeps/{id}/slice` },
  sweepCurves: { method: 'GET', path: `${base}/sweeps/{id}/curves` },
  curves: { method: 'GET', path: `${base}/curves` },
  queue: { method: 'GET', path: `${base}/queue` },
  collect: { method: 'POST', path: `${base}/collect` },
  storage: { method: 'GET', path: `${base}/storage` },
  listTokens: { method: 'GET', path: `${base}/tokens` },
  revokeToken: { method: 'DELETE', path: `${base}/tokens/{id}` },
  pareto: { method: 'GET', path: `${base}/sweeps/{id}/pareto` },
  getTrial: { method: 'GET', path: `${base}/trials/{id}` },
  trialMetrics: { method: 'GET', path: `${base}/trials/{id}/metrics` },
  trialLogs: { method: 'GET', path: `${base}/trials/{id}/logs` },
  trialAttempts: { method: 'GET', path: `${base}/trials/{id}/attempts` },
  trialFiles: { method: 'GET', path: `${base}/trials/{id}/files` },
  trialDecisions: { method: 'GET', path: `${base}/trials/{id}/decisions` },
  reportTrial: { method: 'POST', path: `${base}/trials/{id}/report` },
  tellTrial: { method: 'POST', path: `${base}/trials/{id}/tell` },
  cancelTrial: { method: 'POST', path: `${base}/trials/{id}/cancel` },
  listProjects: { method: 'GET', path: `${base}/projects` },
  listRuns: { method: 'GET', path: `${base}/runs` },
  getRun: { method: 'GET', path: `${base}/runs/{id}` },
  runSeries: { method: 'GET', path: `${base}/runs/{id}/keys` },
  runMedia: { method: 'GET', path: `${base}/runs/{id}/media` },
  runConsole: { method: 'GET', path: `${base}/runs/{id}/console` },
  runFiles: { method: 'GET', path: `${base}/runs/{id}/files` },
  runFile: { method: 'GET', path: `${base}/runs/{id}/files/content` },
  runArtifacts: { method: 'GET', path: `${base}/runs/{id}/artifacts` },
  listArtifacts: { method: 'GET', path: `${base}/artifacts` },
  getArtifact: { method: 'GET', path: `${base}/artifacts/{id}` },
  artifactFiles: { method: 'GET', path: `${base}/artifacts/{id}/files` },
  artifactFile: { method: 'GET', path: `${base}/artifacts/{id}/files/content` },
  runKeys: { method: 'GET', path: `${base}/runs/keys` },
  groupRuns: { method: 'GET', path: `${base}/runs/groups` },
  editRuns: { method: 'POST', path: `${base}/runs/edit` },
  deleteRuns: { method: 'POST', path: `${base}/runs/delete` },
  restoreRuns: { method: 'POST', path: `${base}/runs/restore` },
  stopRuns: { method: 'POST', path: `${base}/runs/stop` },
  listViews: { method: 'GET', path: `${base}/views` },
  createView: { method: 'POST', path: `${base}/views`, creates: true },
  changeView: { method: 'PUT', path: `${base}/views/{id}` },
  removeView: { method: 'DELETE', path: `${base}/views/{id}` },
  listTeams: { method: 'GET', path: `${base}/teams` },
  createTeam: { method: 'POST', path: `${base}/teams`, creates: true },
  getTeam: { method: 'GET', path: `${base}/teams/{name}` },
  putMember: { method: 'PUT', path: `${base}/teams/{name}/members/{user}` },
  removeMember: { method: 'DELETE', path: `${base}/teams/{name}/members/{user}` },
  listWebhooks: { method: 'GET', path: `${base}/projects/{entity}/{project}/webhooks` },
  setWebhooks: { method: 'PUT', path: `${base}/projects/{entity}/{project}/webhooks` },
  webhookDeliveries: { method: 'GET', path: `${base}/projects/{entity}/{project}/webhook-deliveries` },
  listCustomCharts: { method: 'GET', path: `${base}/custom-charts/{entity}` },
  getCustomChart: { method: 'GET', path: `${base}/custom-charts/{entity}/{name}` },
  listAgents: { method: 'GET', path: `${base}/agents` },
  getAgent: { method: 'GET', path: `${base}/agents/{id}` },
  drainAgent: { method: 'POST', path: `${base}/agents/{id}/drain` },
  resumeAgent: { method: 'POST', path: `${base}/agents/{id}/resume` },
  removeAgent: { method: 'DELETE', path: `${base}/agents/{id}` },
  signIn: { method: 'POST', path: `${base}/session` },
  session: { method: 'GET', path: `${base}/session` },
  signOut: { method: 'DELETE', path: `${base}/session` },
  listKeys: { method: 'GET', path: `${base}/keys` },
  createKey: { method: 'POST', path: `${base}/keys`, creates: true },
  revokeKey: { method: 'DELETE', path: `${base}/keys/{id}` },
  listUsers: { method: 'GET', path: `${base}/users` },
  createUser: { method: 'POST', path: `${base}/users`, creates: true },
  removeUser: { method: 'DELETE', path: `${base}/users/{id}` },
  createToken: { method: 'POST', path: `${base}/tokens`, creates: true },
  putBlob: { method: 'PUT', path: `${base}/blobs/{hash}` },
  events: { method: 'GET', path: `${base}/events` },
  server: { method: 'GET', path: `${base}/server` },
  healthz: { method: 'GET', path: '/healthz' },
  ready: { method: 'GET', path: '/ready' },
  metrics: { method: 'GET', path: '/metrics' },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

/** The path with its components filled in, each percent-encoded (so `SWEEP#7` and `entity/project/id` are one component). */
export function pathOf(route: Route, components: Readonly<Record<string, string>> = {}): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(components[name] ?? ''));
}
