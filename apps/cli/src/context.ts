/** What every command works with: settings, where to print, the client of the controller. */
import { resolve } from 'node:path';
import { type Client, createClient } from '@sweep/api';
import { parseJson, stringifyJson } from '@sweep/optimizer';
import pc from 'picocolors';
import { type Config, credentialsPath, loadConfig, readAuthorities, readKeyFile } from './config.js';
import { findFingerprint, findKey } from './credentials.js';
import { readServerFile } from './local/server-file.js';
import { createPrinter, formatOf, type Printer } from './show/print.js';
import { type Trust, trustingFetch } from './trust.js';

export type Colors = ReturnType<typeof pc.createColors>;

export interface Context {
  readonly config: Config;
  /** Absolute. */
  readonly dataDir: string;
  readonly print: Printer;
  readonly colors: Colors;
  /** Whether stdout may be redrawn. */
  readonly live: boolean;
  /** As given: for commands with forms of their own. */
  readonly output: string | undefined;
  /** Milliseconds since the epoch. */
  now(): number;
  /** One line on stderr. */
  notice(text: string): void;
  /** Text or bytes on stdout, as they are. */
  write(output: string | Uint8Array): void;
  /** Where `client` goes to. */
  url(): Promise<string>;
  key(): Promise<string | null>;
  /** How a controller is known, the one at `url` unless another is meant, if it speaks TLS. */
  trust(other?: string): Promise<Trust>;
  client(): Promise<Client>;
}

export const defaultUrl = 'http://127.0.0.1:8420';

export function openContext(flags: Readonly<Record<string, unknown>>): Context {
  const { color, progress, ...rest } = flags;
  const config = loadConfig({
    ...rest,
    ...(color === false ? { noColor: true } : {}),
    ...(progress === false ? { noProgress: true } : {}),
  });
  const output = flags['output'] as string | undefined;
  // Forms that only one command knows are that command's to read.
  const known = output === 'parquet' ? undefined : output;
  const print = createPrinter(process.stdout, formatOf(known, flags['json'] === true));
  const dataDir = resolve(config.dataDir);

  const url = async (): Promise<string> => config.url ?? (await readServerFile(dataDir))?.url ?? defaultUrl;
  const key = async (): Promise<string | null> => {
    if (config.apiKeyFile !== null) return readKeyFile(config.apiKeyFile);
    if (config.apiKey !== null) return config.apiKey;
    const at = await url();
    const local = (await readServerFile(dataDir))?.url === at;
    return findKey(credentialsPath(), at, local ? dataDir : null);
  };

  const trust = async (other?: string): Promise<Trust> => {
    const at = other ?? (await url());
    const local = await readServerFile(dataDir);
    const known = local?.url === at ? (local.fingerprint ?? null) : await findFingerprint(credentialsPath(), at);
    return { fingerprint: config.fingerprint ?? known, ca: config.caFile === null ? null : readAuthorities(config.caFile) };
  };

  return {
    config,
    dataDir,
    print,
    output,
    colors: pc.createColors(process.stdout.isTTY === true && !config.noColor),
    live: process.stdout.isTTY === true && !config.noProgress && print.format === 'table',
    now: () => Date.now(),
    notice: (text) => void process.stderr.write(`${text}\n`),
    write: (output) => void process.stdout.write(output),
    url,
    key,
    trust,
    client: async () =>
      createClient({
        url: await url(),
        key: await key(),
        fetch: trustingFetch(await trust()),
        parse: parseJson,
        stringify: (value) => stringifyJson(value, { nonFinite: 'text' }),
      }),
  };
}
