import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { inOperatorNetwork } from '../../../lab/network';
import type { Lab } from '../../../lab/system';

/** Runs in the operator's namespace: a socket stays in the namespace it was made in, so those handed over reach our loopback. */
const forwarder = `
  const net = require('node:net');
  const [host, port, localAddress] = process.argv.slice(1);
  process.on('message', (_, socket) => {
    const onward = net.connect({ host, port: Number(port), localAddress, noDelay: true });
    const drop = () => { socket.destroy(); onward.destroy(); };
    socket.setNoDelay(true);
    for (const end of [socket, onward]) end.on('error', drop);
    // What one end said last still has to reach the other.
    socket.on('close', () => onward.end());
    onward.on('close', () => socket.end());
    socket.pipe(onward);
    onward.pipe(socket);
  });
  process.on('disconnect', () => process.exit());
`;

/** A port on this process's loopback address that leads to an address of the lab, over a line that a test can break. */
export class ForwardedPort {
  private isCut = false;
  /** On their way to the forwarder. */
  private readonly handedOver = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly spawnForwarder: () => ChildProcess,
    private child: ChildProcess,
  ) {
    server.on('connection', (socket) => {
      if (this.isCut) socket.destroy();
      else this.handOver(socket);
    });
  }

  /** Node itself would never close one that the forwarder does not live to take. */
  private handOver(socket: Socket): void {
    this.handedOver.add(socket);
    this.child.send('connection', socket, { keepOpen: true }, () => {
      socket.destroy();
      this.handedOver.delete(socket);
    });
  }

  private drop(): void {
    for (const socket of this.handedOver) socket.destroy();
    this.handedOver.clear();
    this.child.kill('SIGKILL');
  }

  /** @param localAddress Address of the operator's namespace that the connections come from. Default: the system chooses. */
  static async open(lab: Lab, host: string, port = 22, localAddress?: string): Promise<ForwardedPort> {
    const from = localAddress === undefined ? [] : [localAddress];
    const [file, ...args] = inOperatorNetwork(lab, [process.execPath, '-e', forwarder, host, String(port), ...from]);
    const spawnForwarder = () => spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const server = createServer({ pauseOnConnect: true });
    const forwarded = new ForwardedPort(server, spawnForwarder, spawnForwarder());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return forwarded;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Ends every connection at once, and each new one, until `restore`. */
  cut(): void {
    this.isCut = true;
    this.drop();
  }

  /** Nothing arrives any more, in either direction, until `restore`; nobody is reported. */
  silence(): void {
    this.child.kill('SIGSTOP');
  }

  restore(): void {
    if (this.isCut) this.child = this.spawnForwarder();
    else this.child.kill('SIGCONT');
    this.isCut = false;
  }

  close(): void {
    this.server.close();
    this.drop();
  }
}
