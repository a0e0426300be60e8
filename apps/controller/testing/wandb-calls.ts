/** What W&B's clients ask, put to a test's controller as they put it. */
import { createHash } from 'node:crypto';
import { keyId, type TrialId } from '@sweep/domain';
import { createSweep, grid, type TestApp } from './app.js';

export const json = { 'content-type': 'application/json' };
const upsertText = `mutation U($i: UpsertBucketInput!) { upsertBucket(input: $i) { inserted bucket { id name displayName historyLineCount } } }`;

export interface Streamed {
  readonly history?: readonly string[];
  readonly offset?: number;
  /** Other streams, by the client's names. */
  readonly files?: Readonly<Record<string, { readonly offset: number; readonly content: readonly string[] }>>;
  readonly rest?: object;
  readonly key?: string;
  readonly path?: string;
}

export interface Upserted {
  readonly inserted: boolean;
  readonly bucket: { readonly id: string; readonly displayName: string; readonly historyLineCount: number };
}

/** In the project `ada/p` where nothing else is said. */
export function wandbCalls(app: () => TestApp) {
  async function ask(query: string, variables: object = {}, key?: string) {
    const body = JSON.stringify({ query, variables, operationName: '' });
    const answer = await app().call('POST', '/graphql', { body, headers: json, ...(key === undefined ? {} : { key }) });
    return { status: answer.statusCode, ...(answer.json() as { data?: Record<string, never>; errors?: { message: string }[] }) };
  }
  return {
    ask,
    upsert: (input: object, key?: string) => ask(upsertText, { i: { modelName: 'p', ...input } }, key),
    async newRun(name: string, more: object = {}, key?: string): Promise<Upserted> {
      const { data, errors } = await ask(upsertText, { i: { name, modelName: 'p', ...more } }, key);
      if (errors !== undefined) throw new Error(errors[0]!.message);
      return (data as unknown as { upsertBucket: Upserted }).upsertBucket;
    },
    async stream(run: string, { history, offset = 0, files = {}, rest = {}, key, path = `/files/ada/p/${run}/file_stream` }: Streamed) {
      const sent = history === undefined ? files : { ...files, 'wandb-history.jsonl': { offset, content: history } };
      const body = JSON.stringify({ files: sent, ...rest });
      const answer = await app().call('POST', path, { body, headers: json, ...(key === undefined ? {} : { key }) });
      return { status: answer.statusCode, body: answer.json() as { stopped?: boolean; errors?: { message: string }[] } };
    },
    /** Of a run of `ada/p`, or of another project of `ada`. */
    async fields(run: string, selection: string, project = 'p'): Promise<Readonly<Record<string, unknown>>> {
      const query = `query Q($r: String!, $p: String!) { project(name: $p, entityName: "ada") { run(name: $r) { ${selection} } } }`;
      const { data } = await ask(query, { r: run, p: project });
      return (data as unknown as { project: { run: Record<string, unknown> } }).project.run;
    },
  };
}

/** A running trial, and keys of its attempts. */
export async function trialWithKeys(app: TestApp) {
  const sweep = await createSweep(app, grid);
  const [asked] = ((await app.call('POST', `/api/v1/sweeps/${sweep}/ask`)).json() as { trials: { id: TrialId }[] }).trials;
  const trial = (await app.store.trials.find(asked!.id))!;
  const { project } = (await app.store.runs.record(trial.id))!;
  const [user] = await app.store.keys.listUsers();
  const keyOf = async (attempt: number): Promise<string> => {
    const secret = `${trial.id}${String(attempt).padEnd(32, 'x')}`;
    const key = {
      id: keyId(`${trial.id}${attempt}`),
      user: user!.id,
      name: 'k',
      scope: 'attempt' as const,
      expiresAt: null,
      trial: trial.id,
      attempt,
      project,
    };
    await app.store.keys.create(key, createHash('sha256').update(secret).digest('hex'));
    return secret;
  };
  const { entity, name } = (await app.store.projects.findById(project))!;
  return { trial, keyOf, home: { entityName: entity, modelName: name }, path: `/files/${entity}/${name}/${trial.id}/file_stream` };
}
