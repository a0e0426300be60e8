/** The gRPC port as any client sees it: messages and metadata as the test writes them, and the status that comes back. */
import { Client, credentials, type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { AgentServiceService } from '../../libs/protocol/src/gen/sweep/v1/agent.js';
import { seal } from '../../libs/protocol/src/index.js';

type MethodName = 'Session' | 'PutBlob' | 'GetBlob' | 'Join';

export interface RawAgentClient {
  readonly methods: readonly MethodName[];
  /** Name of the status that a call with these messages ends with. */
  codeOf(method: MethodName, metadata: Metadata, ...messages: readonly Uint8Array[]): Promise<string>;
  close(): void;
}

const definitions = Object.values(AgentServiceService);
const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

export function rawAgentClient(grpcUrl: string): RawAgentClient {
  const client = new Client(new URL(grpcUrl).host, credentials.createInsecure());
  const methods = definitions.map(({ path }) => path.split('/').at(-1) as MethodName);
  return {
    methods,
    codeOf(method, metadata, ...messages) {
      return new Promise((resolve) => {
        const { path } = definitions[methods.indexOf(method)]!;
        // As a duplex stream whatever the method is: the wire is the same, and nothing is checked on this side.
        const call = client.makeBidiStreamRequest(path, method === 'Session' ? seal : asIs, asIs, metadata, {
          deadline: Date.now() + 20_000,
        });
        call.on('data', () => undefined);
        call.once('error', (error: ServiceError) => resolve(status[error.code]));
        call.once('status', ({ code }) => resolve(status[code]));
        for (const message of messages.length === 0 ? [new Uint8Array()] : messages) call.write(message);
        call.end();
      });
    },
    close: () => client.close(),
  };
}
