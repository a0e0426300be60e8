/**
 * One delivery to a webhook: a signed POST whose answer decides. Redirects are not followed, bodies of answers not read.
 *
 * Signed as by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 of `id.timestamp.body`.
 */
import { createHmac } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { Invalid } from '@sweep/domain';
import { demandPublic, publicLookup, webhookUrl } from './addresses.js';

export const secretPrefix = 'whsec_';
const answerWithinMs = 10_000;

export interface Message {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether it may go to addresses inside this network. */
  readonly mayBePrivate: boolean;
}

export type Sent =
  | { readonly kind: 'taken'; readonly answer: string }
  /** Trying again may help, or will not. */
  | { readonly kind: 'refused'; readonly answer: string; readonly forGood: boolean };

export async function send(message: Message): Promise<Sent> {
  try {
    const status = await post(message);
    if (status >= 200 && status < 300) return { kind: 'taken', answer: String(status) };
    return {
      kind: 'refused',
      answer: `${status}${status >= 300 && status < 400 ? ' (redirects are not followed)' : ''}`,
      forGood: status === 410,
    };
  } catch (error) {
    // The address itself is refused: it will be the next time too.
    if (error instanceof Invalid) return { kind: 'refused', answer: error.message, forGood: true };
    return { kind: 'refused', answer: reasonOf(error as NodeJS.ErrnoException), forGood: false };
  }
}

export function signature({ id, secret, body, now }: Pick<Message, 'id' | 'secret' | 'body' | 'now'>): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  return `v1,${createHmac('sha256', key)
    .update(`${id}.${seconds(now)}.${body}`)
    .digest('base64')}`;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

function post(message: Message): Promise<number> {
  const { id, url: text, body, now, mayBePrivate } = message;
  const url = webhookUrl(text);
  if (!mayBePrivate) demandPublic(url);
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'sweep',
    'webhook-id': id,
    'webhook-timestamp': String(seconds(now)),
    'webhook-signature': signature(message),
  };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(answerWithinMs), agent: false };
    const sent = request(url, mayBePrivate ? options : { ...options, lookup: publicLookup }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function reasonOf({ name, code, message }: NodeJS.ErrnoException): string {
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${answerWithinMs / 1000} s`;
  return `no answer: ${code ?? message}`;
}
