/** The agent's end of one session: Hello, Welcome in time, then messages both ways until either side ends it. */
import { type ClientDuplexStream, type StatusObject, status } from '@grpc/grpc-js';
import { Incompatible, Unavailable } from '@sweep/domain';
import type { AgentSession } from './channel.js';
import { type Hello, SessionRequest, type SessionResponse, type Welcome } from './gen/sweep/v1/agent.js';
import { createInlet, type Inlet } from './inlet.js';
import { createOutlet } from './outlet.js';
import { type ControllerMessage, checkProtocolVersion, defaultMaxMessageBytes } from './protocol.js';
import { fromStatus, isStatus } from './status.js';

export type AgentCall = ClientDuplexStream<Uint8Array, SessionResponse>;

export interface SessionSetup {
  readonly hello: Hello;
  /** For messages: `the controller at https://…`. */
  readonly where: string;
  readonly welcomeWithinMs: number;
}

export async function openSession(call: AgentCall, { hello, where, welcomeWithinMs }: SessionSetup): Promise<AgentSession> {
  let maxBytes = defaultMaxMessageBytes;
  const outlet = createOutlet(call, () => maxBytes);
  const inlet = createInlet<SessionResponse>(call);
  const closed = endOf(call, where);
  void closed.then((error) => outlet.settle(error ?? new Unavailable(`the session with ${where} is over`)));
  const write = (body: SessionRequest['body']): Promise<void> => outlet.write(SessionRequest.encode({ body }).finish());

  const timer = setTimeout(() => call.destroy(new Unavailable(`${where} sent no Welcome within ${welcomeWithinMs} ms`)), welcomeWithinMs);
  try {
    await write({ $case: 'hello', value: hello });
    const welcome = await firstWelcome(inlet, closed, where);
    checkProtocolVersion(hello.protocolVersion, welcome.protocolVersion);
    if (welcome.maxMessageBytes > 0) maxBytes = Math.min(maxBytes, welcome.maxMessageBytes);
    return { welcome, send: write, messages: readAll(inlet), closed, close: () => void call.end() };
  } catch (error) {
    call.cancel();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Why the call ended, once it has. */
function endOf(call: AgentCall, where: string): Promise<Error | null> {
  return new Promise((resolve) => {
    call.once('status', (end: StatusObject) => resolve(end.code === status.OK ? null : fromStatus(end, where)));
    // Stays for the life of the call: an error that nobody listens to would end the process.
    call.on('error', (error) => resolve(isStatus(error) ? fromStatus(error, where) : error));
  });
}

async function firstWelcome(inlet: Inlet<SessionResponse>, closed: Promise<Error | null>, where: string): Promise<Welcome> {
  const first = await inlet.next();
  if (first === null) throw (await closed) ?? new Unavailable(`${where} ended the session before its Welcome`);
  if (first.body?.$case !== 'welcome') throw new Incompatible(`${where} did not begin with a Welcome: upgrade the controller`);
  return first.body.value;
}

async function* readAll(inlet: Inlet<SessionResponse>): AsyncGenerator<ControllerMessage> {
  for (let message = await inlet.next(); message !== null; message = await inlet.next()) {
    // A kind of message that this version does not know: the protocol version would have been raised if it mattered.
    if (message.body !== undefined && message.body.$case !== 'welcome') yield message.body;
  }
}
