import dgram from 'node:dgram';
import net from 'node:net';
import { createInterface } from 'node:readline';

/** What a test tells this process, a JSON text a line; each is answered by its `id` when there is an outcome. */
type Order = { readonly id: number } & (
  | { readonly do: 'call'; readonly protocol: 'tcp' | 'udp'; from?: string; readonly to: string; readonly port: number }
  | { readonly do: 'listen'; readonly protocol: 'tcp' | 'udp'; readonly port: number }
  | { readonly do: 'connect'; readonly connection: number; readonly to: string; readonly port: number }
  | { readonly do: 'exchange'; readonly connection: number }
  | { readonly do: 'relay'; readonly port: number; readonly socket: string }
  | { readonly do: 'cancel' }
);
type Of<D extends Order['do']> = Extract<Order, { do: D }>;

const say = (id: number, outcome: 'answered' | 'refused' | 'failed'): void =>
  void process.stdout.write(`${JSON.stringify({ id, outcome })}\n`);
const isRefusal = ({ code }: NodeJS.ErrnoException): boolean => code === 'ECONNREFUSED';
const calls = new Map<number, () => void>();
const connections = new Map<number, { socket: net.Socket; waiting: number[] }>();

function call({ id, protocol, from, to, port }: Of<'call'>): void {
  if (protocol === 'tcp') {
    const socket = net.connect({ host: to, port, ...(from === undefined ? {} : { localAddress: from }) });
    calls.set(id, () => socket.destroy());
    socket.once('connect', () => {
      say(id, 'answered');
      socket.destroy();
    });
    socket.on('error', (error) => say(id, isRefusal(error) ? 'refused' : 'failed'));
    return;
  }
  const socket = dgram.createSocket(to.includes(':') ? 'udp6' : 'udp4');
  let open = true;
  const close = (): void => {
    if (open) socket.close();
    open = false;
  };
  calls.set(id, close);
  socket.once('message', () => {
    say(id, 'answered');
    close();
  });
  socket.on('error', (error) => {
    say(id, isRefusal(error) ? 'refused' : 'failed');
    close();
  });
  socket.bind(0, from, () => socket.connect(port, to, () => open && socket.send('?')));
}

function listen({ id, protocol, port }: Of<'listen'>): void {
  if (protocol === 'tcp') {
    const server = net.createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
    server.listen(port, '::', () => say(id, 'answered'));
    return;
  }
  const socket = dgram.createSocket('udp6', (message, { address, port: from }) => socket.send(message, from, address));
  socket.bind(port, '::', () => say(id, 'answered'));
}

function connect({ id, connection, to, port }: Of<'connect'>): void {
  const socket = net.connect(port, to, () => say(id, 'answered'));
  const waiting: number[] = [];
  connections.set(connection, { socket, waiting });
  // One byte for each exchange; they come back in order.
  socket.on('data', (chunk) => {
    for (const id of waiting.splice(0, chunk.length)) say(id, 'answered');
  });
  socket.on('error', () => undefined);
}

/** Leads calls on, out of the namespace: files are the same in all of them. */
function relay({ id, port, socket: path }: Of<'relay'>): void {
  const server = net.createServer((from) => {
    const to = net.connect(path);
    from.on('error', () => to.destroy()).pipe(to);
    to.on('error', () => from.destroy()).pipe(from);
  });
  server.listen(port, '::', () => say(id, 'answered'));
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as Order;
  switch (order.do) {
    case 'call':
      return call(order);
    case 'listen':
      return listen(order);
    case 'connect':
      return connect(order);
    case 'relay':
      return relay(order);
    case 'exchange': {
      const { socket, waiting } = connections.get(order.connection)!;
      waiting.push(order.id);
      socket.write('.');
      return;
    }
    case 'cancel':
      calls.get(order.id)?.();
      calls.delete(order.id);
      return;
  }
});
process.stdin.once('close', () => process.exit());
say(0, 'answered');
