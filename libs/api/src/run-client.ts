/** The part of the client that is about runs, and how calls are put together. */
import type { z } from 'zod';
import type { ConsoleQuery, CurvesQuery, PageQuery, RunSelection, RunsQuery } from './client-queries.js';
import { type PackedCurves, unpackCurves } from './curves.js';
import type {
  ArtifactCollectionView,
  ArtifactFileView,
  ArtifactView,
  ConsoleView,
  OneRunView,
  RunArtifactView,
  RunMediaView,
  RunSeriesView,
} from './one-run-schemas.js';
import { pathOf, type Route, routes } from './routes.js';
import type {
  changeViewBody,
  createViewBody,
  DoneRunsView,
  EditedRunsView,
  editRunsBody,
  RunGroupView,
  RunKeyView,
  RunView,
  SavedView,
} from './run-schemas.js';
import type { FileView, ListView } from './schemas.js';
import type { Call, Query, Transport } from './transport.js';

export interface RunClient {
  listRuns(query?: RunsQuery): Promise<ListView<RunView>>;
  /** `RUN` is an id or ENTITY/PROJECT/HANDLE. */
  getRun(run: string): Promise<OneRunView>;
  runSeries(run: string): Promise<ListView<RunSeriesView>>;
  runMedia(run: string, query?: PageQuery & { readonly keys?: readonly string[] }): Promise<ListView<RunMediaView>>;
  runConsole(run: string, query?: ConsoleQuery): Promise<ConsoleView>;
  runFiles(run: string): Promise<ListView<FileView>>;
  /** Where a browser reads it. `show`: as what it is, made inert; else as a download. */
  runFileUrl(run: string, path: string, options?: { readonly show?: boolean }): string;
  runArtifacts(run: string): Promise<ListView<RunArtifactView>>;
  /** By name. */
  listArtifacts(project: string): Promise<ListView<ArtifactCollectionView>>;
  /** `ARTIFACT` is an id, the client's own or ours, or ENTITY/PROJECT/NAME:VERSION, with a number (`v3`) or an alias. */
  artifact(artifact: string): Promise<ArtifactView>;
  artifactFiles(artifact: string): Promise<ListView<ArtifactFileView>>;
  /** Where a browser reads it, as `runFileUrl`. */
  artifactFileUrl(artifact: string, path: string, options?: { readonly show?: boolean }): string;
  /** What columns there are. */
  runKeys(query?: RunSelection): Promise<ListView<RunKeyView>>;
  groupRuns(
    query: RunSelection & { readonly by: readonly string[]; readonly columns?: readonly string[] },
  ): Promise<ListView<RunGroupView>>;
  editRuns(body: z.input<typeof editRunsBody>): Promise<EditedRunsView>;
  /** Taken back by `restoreRuns`. Runs that go on are refused. */
  deleteRuns(ids: readonly string[]): Promise<DoneRunsView>;
  restoreRuns(ids: readonly string[]): Promise<DoneRunsView>;
  stopRuns(ids: readonly string[]): Promise<DoneRunsView>;
  listViews(query: { readonly project: string; readonly page?: string }): Promise<ListView<SavedView>>;
  createView(body: z.input<typeof createViewBody>): Promise<SavedView>;
  changeView(view: string, change: z.input<typeof changeViewBody>): Promise<SavedView>;
  removeView(view: string): Promise<void>;
  /** Of several runs. */
  curves(runs: readonly string[], query: CurvesQuery): Promise<PackedCurves>;
}

export function callsOf({ send }: Transport) {
  const withId = (id: string, rest: Call = {}): Call => ({ ...rest, components: { id } });
  const paged = (query: object = {}): Call => ({ query: query as Query });
  const packed = async (route: Route, call: Call): Promise<PackedCurves> => {
    const response = await send(route, { ...call, headers: { accept: 'application/octet-stream' } });
    return unpackCurves(await response.arrayBuffer());
  };
  return { withId, paged, packed };
}

type FileRoute = typeof routes.runFile | typeof routes.artifactFile;

const fileUrl = (
  origin: string,
  route: FileRoute,
  file: { readonly id: string; readonly path: string; readonly show: boolean },
): string => {
  const query = new URLSearchParams({ path: file.path, ...(file.show ? { show: '1' } : {}) });
  return `${origin}${pathOf(route, { id: file.id })}?${query}`;
};

export function runCalls(transport: Transport): RunClient {
  const { json, send } = transport;
  const { withId, paged, packed } = callsOf(transport);
  return {
    listRuns: (query) => json(routes.listRuns, paged(query)),
    getRun: (id) => json(routes.getRun, withId(id)),
    runSeries: (id) => json(routes.runSeries, withId(id)),
    runMedia: (id, query) => json(routes.runMedia, withId(id, paged(query))),
    runConsole: (id, query) => json(routes.runConsole, withId(id, paged(query))),
    runFiles: (id) => json(routes.runFiles, withId(id)),
    runFileUrl: (id, path, { show = false } = {}) => fileUrl(transport.url, routes.runFile, { id, path, show }),
    runArtifacts: (id) => json(routes.runArtifacts, withId(id)),
    listArtifacts: (project) => json(routes.listArtifacts, paged({ project })),
    artifact: (id) => json(routes.getArtifact, withId(id)),
    artifactFiles: (id) => json(routes.artifactFiles, withId(id)),
    artifactFileUrl: (id, path, { show = false } = {}) => fileUrl(transport.url, routes.artifactFile, { id, path, show }),
    runKeys: (query) => json(routes.runKeys, paged(query)),
    groupRuns: (query) => json(routes.groupRuns, paged(query)),
    editRuns: (body) => json(routes.editRuns, { body }),
    deleteRuns: (ids) => json(routes.deleteRuns, { body: { ids } }),
    restoreRuns: (ids) => json(routes.restoreRuns, { body: { ids } }),
    stopRuns: (ids) => json(routes.stopRuns, { body: { ids } }),
    listViews: (query) => json(routes.listViews, paged(query)),
    createView: (body) => json(routes.createView, { body }),
    changeView: (id, body) => json(routes.changeView, withId(id, { body })),
    removeView: async (id) => void (await send(routes.removeView, withId(id))),
    curves: (runs, query) => packed(routes.curves, paged({ ...query, runs })),
  };
}
