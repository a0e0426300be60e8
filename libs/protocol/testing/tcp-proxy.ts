/** A TCP proxy whose line can be cut (both ends notice), made a black hole (nobody notices), slowed down, or made to change bytes. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** True: bytes vanish both ways, connections stay. */
  blackHole(on: boolean): void;
  /** Ends every connection at once; new ones are taken. */
  cut(): void;
  /** Everything arrives this much later, in order; 0: at once. */
  delay(ms: number): void;
  /** In each of the next pieces that pass, either way, one byte is changed. */
  corrupt(pieces: number): void;
  close(): Promise<void>;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  let delayMs = 0;
  let toCorrupt = 0;
  const altered = (bytes: Buffer): Buffer => {
    if (toCorrupt === 0) return bytes;
    toCorrupt--;
    const copy = Buffer.from(bytes);
    const middle = copy.length >> 1;
    copy[middle] = copy[middle]! ^ 0x55;
    return copy;
  };
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    const write = (bytes: Buffer): void => {
      if (!to.destroyed) to.write(bytes);
    };
    from.on('data', (bytes: Buffer) => {
      if (swallowing) return;
      const piece = altered(bytes);
      // Timers of one length fire in the order in which they were set.
      if (delayMs > 0) setTimeout(() => write(piece), delayMs);
      else write(piece);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      if (!swallowing) to.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    blackHole(on) {
      swallowing = on;
    },
    cut,
    delay(ms) {
      // What is on its way slowly must not be overtaken.
      if (ms < delayMs) cut();
      delayMs = ms;
    },
    corrupt(pieces) {
      toCorrupt = pieces;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
