/**
 * The controller's end of one session: Hello in time, Welcome, then messages one by one, then `closed` once.
 *
 *     authenticated ──Hello──► admitted ──Welcome sent──► open ──either side ends──► closed
 *           └── refused ────────────┴──► over (status)
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Incompatible, Invalid, SweepError, Unavailable } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { SessionEnd, SessionPeer } from './gateway.js';
import { type Hello, type SessionRequest, SessionResponse, type Welcome } from './gen/sweep/v1/agent.js';
import { createInlet, type Inlet } from './inlet.js';
import { createOutlet, type Outlet, whenClosed } from './outlet.js';
import { checkProtocolVersion, protocolVersion } from './protocol.js';
import { toStatus } from './status.js';

export type SessionCall = ServerDuplexStream<SessionRequest, Uint8Array>;

export interface SessionRules {
  readonly admit: (hello: Hello, peer: SessionPeer) => Promise<SessionEnd>;
  readonly helloWithinMs: number;
  readonly maxMessageBytes: number;
  readonly log: Logger;
}

export async function runSession(call: SessionCall, rules: SessionRules): Promise<void> {
  const { log } = rules;
  const outlet = createOutlet(call, () => rules.maxMessageBytes);
  let over = false;
  const gone = (): Unavailable => new Unavailable('the session with the agent is over');
  whenClosed(call, () => {
    over = true;
    outlet.settle(gone());
  });
  const end = (error?: unknown): void => {
    if (over) return;
    over = true;
    outlet.refuse(gone());
    // grpc-js turns an emitted error into the call's status, after the messages that were written before.
    if (error === undefined) call.end();
    else call.emit('error', toStatus(error));
  };

  const inlet = createInlet<SessionRequest>(call);
  try {
    const hello = await firstHello(inlet, rules.helloWithinMs);
    const { peer, welcome } = gatedPeer(call, outlet, end);
    const session = await rules.admit(hello, peer);
    try {
      await welcome(session.welcome);
      await receiveAll(inlet, session, () => over);
    } finally {
      await session.closed();
    }
    end();
  } catch (error) {
    if (!(error instanceof SweepError)) log.error({ err: error, agent: call.getPeer() }, 'a session failed');
    // Does nothing when the agent has gone: nobody is left to answer.
    end(error);
  }
}

async function firstHello(inlet: Inlet<SessionRequest>, withinMs: number): Promise<Hello> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Invalid(`no Hello within ${withinMs} ms: an agent speaks first`)), withinMs);
  });
  try {
    const body = (await Promise.race([inlet.next(), late]))?.body;
    if (body?.$case !== 'hello') throw new Invalid(`the first message was ${body?.$case ?? 'empty'}: an agent says Hello first`);
    checkProtocolVersion(body.value.protocolVersion, protocolVersion);
    return body.value;
  } finally {
    clearTimeout(timer);
  }
}

interface GatedPeer {
  readonly peer: SessionPeer;
  /** Sends the Welcome, then what waited for it. */
  readonly welcome: (value: Welcome) => Promise<void>;
}

function gatedPeer(call: SessionCall, outlet: Outlet, end: (error?: unknown) => void): GatedPeer {
  let held: (() => void)[] | undefined = [];
  const release = (): void => {
    const ready = held ?? [];
    held = undefined;
    for (const write of ready) write();
  };
  // A refused session never gets its Welcome: what waits is released into the closed outlet, which rejects it.
  whenClosed(call, release);
  const write = (body: SessionResponse['body']): Promise<void> => outlet.write(SessionResponse.encode({ body }).finish());
  const peer: SessionPeer = {
    address: call.getPeer(),
    send(message) {
      if (held === undefined) return write(message);
      return new Promise((resolve, reject) => held?.push(() => void write(message).then(resolve, reject)));
    },
    end: (error) => end(error),
  };
  const welcome = async (value: Welcome): Promise<void> => {
    const written = write({ $case: 'welcome', value });
    release();
    await written;
  };
  return { peer, welcome };
}

async function receiveAll(inlet: Inlet<SessionRequest>, session: SessionEnd, isOver: () => boolean): Promise<void> {
  for (let message = await inlet.next(); message !== null && !isOver(); message = await inlet.next()) {
    const body = message.body;
    // Nothing set: a kind of message that this version does not know. Dropping it could lose a result.
    if (body === undefined) throw new Incompatible('the agent sent a message of an unknown kind: upgrade the controller');
    if (body.$case === 'hello') throw new Invalid('the agent said Hello twice');
    await session.receive(body);
  }
}
