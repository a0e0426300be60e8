/** Blobs, join, TLS and dead lines: everything of the channel that is not a session. */
import { createHash, X509Certificate } from 'node:crypto';
import { connect } from 'node:http2';
import { Forbidden, Invalid, NotFound, TooMany, Unauthenticated, Unavailable } from '@sweep/domain';
import {
  type FakeGatewayOptions,
  fakeAgent,
  fakeGateway,
  tcpProxy,
  testCertificate,
  testHello,
  testWelcome,
} from '@sweep/protocol/testing';
import { silentLogger } from '@sweep/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentChannel, type DialOptions, dialAgents, type GatewayHandler, serveAgents } from './index.js';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const opened = <T extends { close(): Promise<void> | void }>(made: T): T => {
  open.push(made);
  return made;
};
const gateway = async (options?: FakeGatewayOptions) => opened(await fakeGateway(options));
const dial = (url: string, options: Partial<DialOptions> = {}): AgentChannel => opened(dialAgents({ url, key: () => 'k', ...options }));

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
async function* chunks(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.byteLength; start += size) yield content.subarray(start, start + size);
}
async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
const noise = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) & 255));

const handler = (change: Partial<GatewayHandler<null>> = {}): GatewayHandler<null> => ({
  authenticate: async () => null,
  session: async () => ({ welcome: testWelcome(), receive: async () => undefined, closed: async () => undefined }),
  putBlob: async () => ({ hash: '', size: 0 }),
  getBlob: async () => chunks(Buffer.alloc(0), 1),
  join: async () => ({ apiKey: '' }),
  ...change,
});

async function serving(change: Partial<GatewayHandler<null>>): Promise<string> {
  const server = await serveAgents({ host: '127.0.0.1', port: 0, handler: handler(change), log: silentLogger });
  opened({ close: () => server.close(0) });
  return `http://127.0.0.1:${server.port}`;
}

describe('a file', () => {
  const content = noise(5 * 2 ** 20 + 17);
  const header = { leaseId: 'l', hash: sha256(content), size: content.byteLength };

  it.each([1_000_000, 7 * 2 ** 20])('goes up and comes down again, cut into %i byte chunks', async (size) => {
    const controller = await gateway();
    const channel = dial(controller.url);
    expect(await channel.putBlob(header, chunks(content, size))).toEqual({ hash: header.hash, size: content.byteLength });
    expect((await whole(channel.getBlob({ leaseId: 'l', hash: header.hash }))).equals(content)).toBe(true);
  });

  it('may be empty', async () => {
    const controller = await gateway();
    const channel = dial(controller.url);
    const empty = Buffer.alloc(0);
    await channel.putBlob({ leaseId: 'l', hash: sha256(empty), size: 0 }, chunks(empty, 1));
    expect((await whole(channel.getBlob({ leaseId: 'l', hash: sha256(empty) }))).byteLength).toBe(0);
  });

  it('that is not there is NotFound', async () => {
    const controller = await gateway();
    await expect(whole(dial(controller.url).getBlob({ leaseId: 'l', hash: 'f'.repeat(64) }))).rejects.toBeInstanceOf(NotFound);
  });

  it('is refused in the middle with the reason of the controller', async () => {
    const url = await serving({
      putBlob: async (_, __, data) => {
        for await (const part of data) if (part.byteLength > 0) throw new TooMany('the disk is nearly full', 60);
        return { hash: '', size: 0 };
      },
    });
    const error: unknown = await dial(url)
      .putBlob(header, chunks(content, 100_000))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooMany);
    expect((error as TooMany).retryAfterSeconds).toBe(60);
  });

  it('that the controller has already needs no upload', async () => {
    const url = await serving({ putBlob: async (_, { hash, size }) => ({ hash, size }) });
    expect(await dial(url).putBlob(header, chunks(content, 100_000))).toEqual({ hash: header.hash, size: content.byteLength });
  });

  it('whose agent stops in the middle is not taken for a whole one', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let seen: (error: unknown) => void = () => undefined;
    const failed = new Promise((resolve) => {
      seen = resolve;
    });
    const url = await serving({
      putBlob: async (_, { hash }, data) => {
        begin();
        const stored = await whole(data).catch((error: unknown) => error);
        seen(stored);
        return { hash, size: 0 };
      },
    });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield content.subarray(0, 100_000);
      await begun;
      throw new Error('the disk of the agent failed');
    }
    await expect(dial(url).putBlob(header, broken())).rejects.toThrow('the disk of the agent failed');
    expect(await failed).toBeInstanceOf(Unavailable);
  });

  it('that fails in the middle on its way down is not taken for a whole one', async () => {
    const url = await serving({
      getBlob: async () =>
        (async function* () {
          yield content.subarray(0, 300_000);
          throw new Unavailable('the disk of the controller failed');
        })(),
    });
    await expect(whole(dial(url).getBlob({ leaseId: 'l', hash: '' }))).rejects.toThrow(
      new Unavailable('the disk of the controller failed'),
    );
  });

  it('that nobody reads to its end stops being sent', async () => {
    let ended: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const url = await serving({
      getBlob: async () =>
        (async function* () {
          try {
            for (;;) yield content;
          } finally {
            ended();
          }
        })(),
    });
    for await (const part of dial(url).getBlob({ leaseId: 'l', hash: '' })) if (part.byteLength > 0) break;
    await stopped;
  });

  it('needs a key', async () => {
    const controller = await gateway({ keys: ['right'] });
    const channel = dial(controller.url);
    await expect(channel.putBlob(header, chunks(content, 1_000_000))).rejects.toBeInstanceOf(Unauthenticated);
    await expect(whole(channel.getBlob({ leaseId: 'l', hash: '' }))).rejects.toBeInstanceOf(Unauthenticated);
    expect(controller.blobs.size).toBe(0);
  });
});

describe('joining', () => {
  it('exchanges a token for a key, without one', async () => {
    const controller = await gateway({ keys: [], join: ({ token, name }) => ({ apiKey: `${token}/${name}` }) });
    expect(await dial(controller.url).join({ token: 'once', name: 'box' })).toEqual({ apiKey: 'once/box' });
  });

  it('says why not', async () => {
    const controller = await gateway();
    await expect(dial(controller.url).join({ token: 'used', name: 'box' })).rejects.toThrow(
      new Unauthenticated('this join token is not known'),
    );
  });
});

describe('a key', () => {
  it('is asked for at each call', async () => {
    const controller = await gateway();
    let key = 'old';
    const channel = dial(controller.url, { key: () => key });
    await channel.session(testHello());
    key = 'new';
    await channel.session(testHello());
    expect([(await controller.accept()).key, (await controller.accept()).key]).toEqual(['old', 'new']);
  });
});

describe('an error that is not meant for agents', () => {
  it('does not leave the controller', async () => {
    const url = await serving({ join: async () => Promise.reject(new Error('postgres://user:secret@db')) });
    const error = await dial(url)
      .join({ token: '', name: '' })
      .catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('secret');
  });
});

describe('TLS', () => {
  const tls = testCertificate;
  const fingerprint = new X509Certificate(tls.cert).fingerprint256;

  it('takes a certificate of a known authority', async () => {
    const controller = await gateway({ tls });
    await dial(controller.url, { ca: tls.cert }).session(testHello());
  });

  it.each([fingerprint, fingerprint.replaceAll(':', '').toLowerCase()])(
    'takes the certificate with the pinned fingerprint %s',
    async (pinned) => {
      const controller = await gateway({ tls });
      await dial(controller.url, { fingerprint: pinned }).session(testHello());
    },
  );

  it('refuses a certificate that nobody vouches for', async () => {
    const controller = await gateway({ tls });
    await expect(dial(controller.url).session(testHello())).rejects.toThrow(/self-signed certificate/);
    expect(controller.sessions).toHaveLength(0);
  });

  it('refuses a certificate with another fingerprint, and names both', async () => {
    const controller = await gateway({ tls });
    const refused = dial(controller.url, { fingerprint: 'ab'.repeat(32) }).session(testHello());
    await expect(refused).rejects.toBeInstanceOf(Forbidden);
    await expect(refused).rejects.toThrow(new RegExp(fingerprint.replaceAll(':', '').toLowerCase()));
    await expect(refused).rejects.toThrow(/(ab){32}/);
    expect(controller.sessions).toHaveLength(0);
  });

  it('refuses a fingerprint that is none', async () => {
    await expect(dial('https://127.0.0.1:1', { fingerprint: 'abc' }).session(testHello())).rejects.toBeInstanceOf(Invalid);
  });

  it('says so when the controller speaks none', async () => {
    const controller = await gateway();
    const url = controller.url.replace('http:', 'https:');
    await expect(dial(url, { fingerprint }).session(testHello())).rejects.toBeInstanceOf(Unavailable);
    await expect(dial(url, { ca: tls.cert }).session(testHello())).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('a dead line', () => {
  it('is noticed by both ends when bytes vanish, and a new session works when they flow again', async () => {
    const keepalive = { timeMs: 300, timeoutMs: 300 };
    const controller = await gateway({ keepalive });
    const line = opened(await tcpProxy(controller.port));
    const box = await fakeAgent(`http://127.0.0.1:${line.port}`, 'k', {}, { keepalive });
    open.push({ close: () => box.vanish() });
    const session = await controller.accept();
    line.blackHole(true);
    expect(await box.closed).toBeInstanceOf(Unavailable);
    await session.closed;
    line.blackHole(false);
    const again = await box.channel.session(box.hello);
    await controller.accept();
    again.close();
  });

  it('is noticed at once when it is cut', async () => {
    const controller = await gateway();
    const line = opened(await tcpProxy(controller.port));
    const box = await fakeAgent(`http://127.0.0.1:${line.port}`, 'k');
    open.push({ close: () => box.vanish() });
    line.cut();
    expect(await box.closed).toBeInstanceOf(Unavailable);
    await (await controller.accept()).closed;
  });
});

describe('the server', () => {
  it('ends a session that stays silent', async () => {
    const controller = await gateway({ helloWithinMs: 50 });
    const client = connect(controller.url);
    const call = client.request({
      ':method': 'POST',
      ':path': '/sweep.v1.AgentService/Session',
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: 'Bearer k',
    });
    const headers = await new Promise<Record<string, unknown>>((resolve) => call.once('response', resolve));
    expect(headers['grpc-status']).toBe('3');
    expect(decodeURI(String(headers['grpc-message']))).toMatch(/no Hello within 50 ms/);
    client.destroy();
  });

  it('says which address it could not take', async () => {
    const controller = await gateway();
    const second = serveAgents({ host: '127.0.0.1', port: controller.port, handler: handler(), log: silentLogger });
    await expect(second).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${controller.port}`));
  });

  it('lets sessions end within the grace when it closes', async () => {
    const controller = await gateway();
    const box = await fakeAgent(controller.url, 'k');
    const session = await controller.accept();
    const closing = controller.close(5_000);
    await session.send({ $case: 'reconnect', value: { afterMs: 1 } });
    await box.next('reconnect');
    await box.leave();
    await closing;
    expect(await box.closed).toBeNull();
  });
});
