/** An agent for controller tests: a real client on a real socket, that says only what the test says. */
import {
  type AgentChannel,
  type AgentMessage,
  type AgentSession,
  type ControllerMessage,
  type DialOptions,
  dialAgents,
  type Hello,
  type Welcome,
} from '@sweep/protocol';
import { Mailbox } from './mailbox.js';
import { testHello } from './messages.js';

export interface FakeAgent {
  readonly channel: AgentChannel;
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly received: readonly ControllerMessage[];
  /** The next unread message of the kind. */
  readonly next: Mailbox<ControllerMessage>['next'];
  send(message: AgentMessage): Promise<void>;
  readonly closed: AgentSession['closed'];
  /** Ends the session in order, then the connection. */
  leave(): Promise<void>;
  /** Drops the connection, as a machine that dies. */
  vanish(): void;
}

/** Dials and says hello. @throws what the controller refuses with */
export async function fakeAgent(url: string, key: string, hello: Partial<Hello> = {}, dial: Partial<DialOptions> = {}): Promise<FakeAgent> {
  const channel = dialAgents({ url, key: () => key, ...dial });
  const said = testHello(hello);
  const session = await channel.session(said).catch((error: unknown) => {
    channel.close();
    throw error;
  });
  const mailbox = new Mailbox<ControllerMessage>();
  const reading = (async () => {
    for await (const message of session.messages) mailbox.push(message);
  })();
  return {
    channel,
    hello: said,
    welcome: session.welcome,
    received: mailbox.all,
    next: mailbox.next,
    send: (message) => session.send(message),
    closed: session.closed,
    async leave() {
      session.close();
      await reading;
      channel.close();
    },
    vanish: () => channel.close(),
  };
}
