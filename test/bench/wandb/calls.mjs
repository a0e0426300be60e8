/** The calls of W&B's clients, made directly; and the real client, where its environment is there. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../system.mjs';

export const project = 'bench';

export function callsTo(system) {
  const authorization = `Basic ${Buffer.from(`api:${system.key}`).toString('base64')}`;
  const post = async (path, body) => {
    const response = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  return {
    async graphql(query, variables) {
      const { data, errors } = await post('/graphql', JSON.stringify({ query, variables, operationName: '' }));
      if (errors !== undefined) throw new Error(errors[0].message);
      return data;
    },
    async begin(name, more = {}) {
      const query =
        'mutation UpsertBucket($i: UpsertBucketInput!) { upsertBucket(input: $i) { bucket { id project { entity { name } } } } }';
      const { upsertBucket } = await this.graphql(query, { i: { name, modelName: project, ...more } });
      return upsertBucket.bucket.project.entity.name;
    },
    stream: (entity, run, body) => post(`/files/${entity}/${project}/${run}/file_stream`, JSON.stringify(body)),
  };
}

/** Seconds of all cores that the process has used. */
export async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Runs the tasks, so many at once. */
export async function atOnce(tasks, width) {
  const queue = tasks[Symbol.iterator]();
  const worker = async () => {
    for (const task of queue) await task();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

const environment = join(root, 'node_modules/.cache/wandb-clients/0.31.0');
export const noClient = existsSync(environment) ? null : { skipped: 'no environment with the client: npm run test:wandb makes it' };

/** A program of this folder with the real client. */
export function python(system, program, args = [], env = {}) {
  const child = spawn(join(environment, 'bin/python'), [join(root, 'test/bench/wandb', program), ...args.map(String)], {
    cwd: system.folder,
    env: {
      PATH: process.env.PATH,
      HOME: system.folder,
      WANDB_DIR: system.folder,
      WANDB_SILENT: 'true',
      WANDB_BASE_URL: system.url,
      WANDB_API_KEY: system.key,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const ended = new Promise((done, failed) => {
    child.once('close', (code) => (code === 0 ? done(output) : failed(new Error(`${program} ended with ${code}`))));
  });
  return { child, output: () => output, ended };
}
