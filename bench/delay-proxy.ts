import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy that holds every chunk back for `delayMs` in each direction, so that one round trip costs twice that.
 * It stands in for a distant host where the kernel has no netem; bandwidth is not limited.
 */
export async function delayProxy(
  target: { host: string; port: number },
  delayMs: number,
): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on('close', () => sockets.delete(socket));
    }
    pipeLate(client, upstream, delayMs);
    pipeLate(upstream, client, delayMs);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the delay proxy got no port');
  return {
    port: address.port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Order is kept because all chunks of one direction wait equally long. */
function pipeLate(from: Socket, to: Socket, delayMs: number): void {
  from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
  from.on('end', () => setTimeout(() => to.end(), delayMs));
}
