import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A connection to the server that can be cut and mended; what is behind it keeps running. */
export class Line {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly host: string,
    private readonly port: number,
    private here: number,
  ) {}

  static async to(address = 'http://127.0.0.1:8080'): Promise<Line> {
    const { hostname, port } = new URL(address);
    const line = new Line(hostname, Number(port || 80), 0);
    await line.mend();
    return line;
  }

  /** What a browser is sent to. */
  get address(): string {
    return `http://127.0.0.1:${this.here}`;
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.port, this.host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => this.sockets.delete(from));
      }
    });
    await new Promise<void>((resolve) => server.listen(this.here, '127.0.0.1', resolve));
    this.here = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
  }
}
