/**
 * How bodies are read and answers written. JSON keeps 16 and 16.0 apart both ways; numbers that are not finite leave as texts.
 *
 * Owns content types and their limits. What a body must look like is each route's schema.
 */
import { Invalid } from '@sweep/domain';
import { Float, JsonError, parseJson, stringifyJson } from '@sweep/optimizer';
import type { FastifyInstance } from 'fastify';
import { settingsOf } from './route-settings.js';

/** A thousand points of a wide space, or a long sweep file, with room to spare. */
const textLimitBytes = 8 * 1024 * 1024;

export function readAndWriteJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const limit = { parseAs: 'string', bodyLimit: textLimitBytes } as const;
  server.addContentTypeParser('application/json', limit, async (request: Parameters<typeof settingsOf>[0], text: string | Buffer) =>
    bodyFrom(text.toString(), settingsOf(request).exactNumbers === true),
  );
  // A sweep file by itself stands for `{"config": "the text"}`.
  server.addContentTypeParser(/^(application|text)\/(x-)?yaml$/, limit, async (_request: unknown, text: string | Buffer) => ({
    config: text.toString(),
  }));
  // Handed on unread: blobs are as large as they are.
  server.addContentTypeParser('application/octet-stream', async (_request: unknown, stream: unknown) => stream);
  server.setReplySerializer((view) => writeJson(view));
}

export const writeJson = (view: unknown): string => stringifyJson(view, { nonFinite: 'text' });

/** @throws Invalid */
function bodyFrom(text: string, exact: boolean): unknown {
  // Commands take no body, but clients send the content type all the same.
  if (text.trim() === '') return undefined;
  try {
    const value = parseJson(text);
    return exact ? value : plain(value);
  } catch (error) {
    if (error instanceof JsonError) throw new Invalid(`the body is not JSON: ${error.message}`);
    throw error;
  }
}

/** Ordinary JavaScript numbers throughout, as schemas expect them. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
