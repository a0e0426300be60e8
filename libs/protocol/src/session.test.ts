import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { Conflict, Forbidden, Incompatible, Invalid, StaleLease, TooLarge, Unauthenticated, Unavailable } from '@sweep/domain';
import {
  type FakeAgent,
  type FakeGateway,
  type FakeGatewayOptions,
  fakeAgent,
  fakeGateway,
  tcpProxy,
  testGrant,
  testHello,
  testWelcome,
} from '@sweep/protocol/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentServiceService } from './gen/sweep/v1/agent.js';
import { type AgentMessage, dialAgents, protocolVersion } from './index.js';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function gateway(options?: FakeGatewayOptions): Promise<FakeGateway> {
  const made = await fakeGateway(options);
  open.push(made);
  return made;
}

async function agent(...given: Parameters<typeof fakeAgent>): Promise<FakeAgent> {
  const made = await fakeAgent(...given);
  open.push({ close: () => made.vanish() });
  return made;
}

const ready = (...slots: number[]): AgentMessage => ({ $case: 'ready', value: { slots } });
const output = (bytes: number): AgentMessage => ({
  $case: 'output',
  value: { leaseId: 'lease-1', stream: 'stdout', offset: 0, data: Buffer.alloc(bytes) },
});

describe('a session', () => {
  it('begins with Hello and Welcome, and carries the key', async () => {
    const controller = await gateway({ welcome: () => testWelcome({ leaseTtlMs: 12_345 }) });
    const box = await agent(controller.url, 'key-1', { name: 'gpu-7' });
    const session = await controller.accept();
    expect(session.hello.name).toBe('gpu-7');
    expect(session.key).toBe('key-1');
    expect(box.welcome.leaseTtlMs).toBe(12_345);
  });

  it('carries messages both ways, in order', async () => {
    const controller = await gateway();
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await Promise.all(Array.from({ length: 200 }, (_, i) => box.send(ready(i))));
    await Promise.all(Array.from({ length: 200 }, (_, i) => session.send({ $case: 'grant', value: testGrant({ number: i }) })));
    for (let i = 0; i < 200; i++) expect((await session.next('ready')).slots).toEqual([i]);
    for (let i = 0; i < 200; i++) expect((await box.next('grant')).number).toBe(i);
  });

  it('handles one message at a time', async () => {
    let active = 0;
    let most = 0;
    const controller = await gateway({
      onMessage: async () => {
        most = Math.max(most, ++active);
        await new Promise((resolve) => setImmediate(resolve));
        active--;
      },
    });
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await Promise.all(Array.from({ length: 50 }, (_, i) => box.send(ready(i))));
    for (let i = 0; i < 50; i++) await session.next('ready');
    expect(most).toBe(1);
  });

  it('gives the Welcome first, whatever the controller sends before it has admitted the agent', async () => {
    const early: Promise<void>[] = [];
    const controller = await gateway({
      admit: (_, { peer }) => {
        for (const reason of ['1', '2', '3']) early.push(peer.send({ $case: 'drain', value: { reason, finished: false } }));
      },
    });
    const box = await agent(controller.url, 'k');
    await Promise.all(early);
    expect([await box.next('drain'), await box.next('drain'), await box.next('drain')].map(({ reason }) => reason)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  it('that is refused rejects what the controller had sent to it', async () => {
    let early: Promise<void> = Promise.resolve();
    const controller = await gateway({
      admit: (_, { peer }) => {
        early = peer.send({ $case: 'drain', value: { reason: '', finished: false } });
        early.catch(() => undefined);
        throw new Forbidden('no');
      },
    });
    await expect(fakeAgent(controller.url, 'k')).rejects.toBeInstanceOf(Forbidden);
    await expect(early).rejects.toBeInstanceOf(Unavailable);
  });

  it('ends in order when the agent leaves: what it sent before still arrives', async () => {
    const controller = await gateway();
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await Promise.all([box.send(ready(1)), box.send(ready(2)), box.leave()]);
    await session.closed;
    expect(session.received).toEqual([ready(1), ready(2)]);
    expect(await box.closed).toBeNull();
  });

  it('ends in order when the controller ends it: what it sent before still arrives', async () => {
    const controller = await gateway();
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    const sent = session.send({ $case: 'reconnect', value: { afterMs: 5 } });
    session.end();
    await sent;
    expect((await box.next('reconnect')).afterMs).toBe(5);
    expect(await box.closed).toBeNull();
  });

  it('tells the agent the error with which the controller ends it', async () => {
    const controller = await gateway();
    const box = await agent(controller.url, 'k');
    (await controller.accept()).end(new Conflict('another agent has this name'));
    const error = await box.closed;
    expect(error).toBeInstanceOf(Conflict);
    expect(error?.message).toBe('another agent has this name');
    await expect(box.send(ready(0))).rejects.toBeInstanceOf(Conflict);
  });

  it('ends with what the handler of a message throws, and the handler is told that it is over', async () => {
    const controller = await gateway({
      onMessage: () => {
        throw new StaleLease('that lease is over');
      },
    });
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await box.send(ready(0));
    expect(await box.closed).toBeInstanceOf(StaleLease);
    await session.closed;
  });

  it('is over for the controller when the agent vanishes, and later sends say so', async () => {
    const controller = await gateway();
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    box.vanish();
    await session.closed;
    await expect(session.send({ $case: 'nothing', value: { because: '' } })).rejects.toBeInstanceOf(Unavailable);
    expect(await box.closed).toBeInstanceOf(Unavailable);
  });

  it('is over for the agent when the controller goes, and a new one is made on the same channel when it is back', async () => {
    const first = await gateway();
    const box = await agent(first.url, 'k');
    await first.close();
    expect(await box.closed).toBeInstanceOf(Unavailable);
    const second = await gateway({ port: first.port });
    const again = await openAgain(box);
    expect((await second.accept()).hello.agentId).toBe(box.hello.agentId);
    again.close();
  });
});

/** As an agent does it: until it works, here with a deadline. */
async function openAgain(box: FakeAgent): ReturnType<FakeAgent['channel']['session']> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return await box.channel.session(box.hello);
    } catch (error) {
      if (Date.now() > deadline || !(error instanceof Unavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('a session is refused', () => {
  it('without a known key', async () => {
    const controller = await gateway({ keys: ['right'] });
    const refused = fakeAgent(controller.url, 'wrong');
    await expect(refused).rejects.toBeInstanceOf(Unauthenticated);
    await expect(refused).rejects.toThrow('this key is not known');
    expect(controller.sessions).toHaveLength(0);
  });

  it('by what the controller throws on its Hello', async () => {
    const controller = await gateway({
      admit: () => {
        throw new Forbidden('this key is for pool `a`');
      },
    });
    await expect(fakeAgent(controller.url, 'k')).rejects.toThrow(new Forbidden('this key is for pool `a`'));
  });

  it.each([
    [protocolVersion + 1, /upgrade the controller/],
    [protocolVersion - 1, /upgrade the agent/],
  ])('when the agent speaks protocol %i, naming the side to upgrade', async (version, words) => {
    const controller = await gateway();
    const refused = fakeAgent(controller.url, 'k', { protocolVersion: version });
    await expect(refused).rejects.toBeInstanceOf(Incompatible);
    await expect(refused).rejects.toThrow(words);
  });

  it('when nobody listens, with the address and the reason', async () => {
    const controller = await fakeGateway();
    await controller.close();
    const refused = fakeAgent(controller.url, 'k');
    await expect(refused).rejects.toBeInstanceOf(Unavailable);
    await expect(refused).rejects.toThrow(/127\.0\.0\.1.*ECONNREFUSED/);
  });

  it('when the URL is none', () => {
    expect(() => dialAgents({ url: 'localhost:4000', key: () => 'k' })).toThrow(Invalid);
    expect(() => dialAgents({ url: 'nonsense', key: () => 'k' })).toThrow(Invalid);
  });
});

describe('back-pressure', () => {
  it('stops the agent soon after its controller stops handling, and goes on after it', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const controller = await gateway({ onMessage: () => held });
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    const messages = 200;
    const bytes = 256 * 1024;
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < messages; i++) {
        await box.send(output(bytes));
        sent++;
      }
    })();
    const stuckAt = await settledValue(() => sent);
    // Of 50 MiB, only what Node's and the system's buffers hold has left.
    expect(stuckAt).toBeLessThan(messages / 2);
    release();
    await sending;
    for (let i = 0; i < messages; i++) await session.next('output');
    expect(sent).toBe(messages);
  });

  it('stops the controller when the agent does not read', async () => {
    const controller = await gateway();
    const channel = dialAgents({ url: controller.url, key: () => 'k' });
    open.push({ close: () => channel.close() });
    await channel.session(testHello());
    const session = await controller.accept();
    let sent = 0;
    const sending = (async () => {
      for (let i = 0; i < 200; i++) {
        await session.send({ $case: 'nothing', value: { because: 'x'.repeat(256 * 1024) } });
        sent++;
      }
    })();
    expect(await settledValue(() => sent)).toBeLessThan(100);
    channel.close();
    await expect(sending).rejects.toBeInstanceOf(Unavailable);
  });
});

/** The value once it has stood still for a while. */
async function settledValue(read: () => number): Promise<number> {
  let last = -1;
  let since = Date.now();
  while (Date.now() - since < 500) {
    if (read() !== last) {
      last = read();
      since = Date.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return last;
}

describe('a message that is too large', () => {
  it('is refused where it is made, and the session goes on', async () => {
    const controller = await gateway({ welcome: () => testWelcome({ maxMessageBytes: 1_000 }) });
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await expect(box.send(output(2_000))).rejects.toBeInstanceOf(TooLarge);
    await expect(session.send({ $case: 'nothing', value: { because: 'x'.repeat(5 * 2 ** 20) } })).rejects.toBeInstanceOf(TooLarge);
    await box.send(ready(3));
    expect((await session.next('ready')).slots).toEqual([3]);
  });

  it('ends the session of an agent that sends it all the same', async () => {
    const controller = await gateway({ maxMessageBytes: 10_000 });
    const box = await agent(controller.url, 'k');
    const session = await controller.accept();
    await box.send(output(20_000));
    const error = await box.closed;
    expect(error).toBeInstanceOf(TooLarge);
    await session.closed;
  });
});

describe('an agent from before messages were sealed', () => {
  it('is told which side to upgrade', async () => {
    const controller = await gateway();
    const client = new Client(`127.0.0.1:${controller.port}`, credentials.createInsecure());
    open.push({ close: () => client.close() });
    const { path, requestSerialize, responseDeserialize } = AgentServiceService.session;
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer k');
    const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    const refusal = new Promise<ServiceError>((resolve) => call.once('error', resolve));
    call.write({ body: { $case: 'hello', value: testHello({ protocolVersion: 1 }) } });
    expect((await refusal).details).toMatch(/upgrade the agent/);
  });
});

describe('a message that was changed on its way', () => {
  it.each(['to the controller', 'to the agent'] as const)('%s is not heard, and ends the session', async (way) => {
    const controller = await gateway();
    const line = await tcpProxy(controller.port);
    open.push(line);
    const box = await agent(`http://127.0.0.1:${line.port}`, 'k');
    const session = await controller.accept();
    line.corrupt(1);
    if (way === 'to the controller') await box.send(output(2_000));
    else await session.send({ $case: 'nothing', value: { because: 'x'.repeat(2_000) } });
    expect(await box.closed).toBeInstanceOf(Unavailable);
    await session.closed;
    expect(session.received).toEqual([]);
    expect(box.received).toEqual([]);
  });
});
