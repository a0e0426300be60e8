/**
 * Server-sent events as an async iterable that outlives its connections.
 *
 * Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html. A connection that breaks, or says nothing for
 * `silenceMs`, is opened again with the last id seen, so that no event is skipped or given twice.
 */
import { Unavailable } from '@sweep/domain';
import { routes } from './routes.js';
import type { EventView } from './schemas.js';
import { pause, type Transport } from './transport.js';

export interface EventOptions {
  /** Events after this one; without it, from now on. */
  readonly since?: string;
  readonly signal?: AbortSignal;
  /** A connection silent for this long is taken for dead. Default 60 s. */
  readonly silenceMs?: number;
  /** Told each time a connection stands, and each time it is gone. */
  readonly onConnection?: (stands: boolean) => void;
}

export interface Message {
  readonly id: string | null;
  readonly data: string;
}

export async function* followEvents(transport: Transport, options: EventOptions = {}): AsyncGenerator<EventView> {
  let last = options.since;
  let failures = 0;
  while (!options.signal?.aborted) {
    try {
      for await (const message of connection(transport, last, options)) {
        failures = 0;
        if (message.id !== null) last = message.id;
        if (message.data !== '')
          yield { ...(transport.parse(message.data) as EventView), ...(message.id === null ? {} : { id: message.id }) };
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      if (!(error instanceof Unavailable)) throw error;
      // Nobody was ever there: that is the caller's to know, not ours to wait for.
      if (failures === 0 && last === options.since) throw error;
    }
    failures++;
    await pause(Math.min(250 * 2 ** Math.min(failures - 1, 5), 5000), options.signal);
  }
}

async function* connection(transport: Transport, last: string | undefined, options: EventOptions): AsyncGenerator<Message> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const touch = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(onAbort, options.silenceMs ?? 60_000);
  };
  try {
    touch();
    const response = await transport.send(routes.events, {
      query: { since: last },
      headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
      signal: stop.signal,
    });
    options.onConnection?.(true);
    yield* messages(chunks(response, touch));
  } catch (cause) {
    // Aborted by the watchdog, or broken in the middle: the loop above opens the next connection.
    if (stop.signal.aborted || cause instanceof TypeError) return;
    throw cause;
  } finally {
    clearTimeout(watchdog);
    options.signal?.removeEventListener('abort', onAbort);
    stop.abort();
    options.onConnection?.(false);
  }
}

async function* chunks(response: Response, touch: () => void): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    touch();
    yield decoder.decode(bytes, { stream: true });
  }
}

/** Messages of a stream of text, however it was cut into chunks. Comments and unknown fields are skipped. */
export async function* messages(texts: AsyncIterable<string>): AsyncGenerator<Message> {
  let rest = '';
  let id: string | null = null;
  let data: string[] = [];
  for await (const text of texts) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0 || id !== null) yield { id, data: data.join('\n') };
        [id, data] = [null, []];
        continue;
      }
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
    }
  }
}
