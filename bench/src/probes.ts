/** A steady stream of numbered probes between the two ends of a wire, and what became of them. Needs Python. */
import { firstLine } from './platform-process.ts';
import type { Wire } from './wire.ts';

export interface Probes {
  /** Ends the stream, after everything sent had the time to arrive. */
  stop(): Promise<ProbeResult>;
}

export interface ProbeResult {
  readonly sent: number;
  readonly lost: number;
  /** The longest time between two arrivals, in milliseconds. */
  readonly longestGapMs: number;
}

/** Resolves when probes arrive. */
export async function startProbes(wire: Wire, to: string, perSecond: number): Promise<Probes> {
  const result = wire.at(1, 'python3', '-c', HEAR);
  // Whoever stops the stream hears of it.
  result.catch(() => undefined);
  const sender = wire.startAt(0, 'python3', '-c', SEND, to, String(1 / perSecond));
  await firstLine(sender, /^probing$/m);
  return {
    async stop() {
      sender.kill('SIGTERM');
      return JSON.parse(await result) as ProbeResult;
    },
  };
}

/** Begins once the other end has answered; ends by saying how many there were. */
const SEND = `
import signal, socket, struct, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], 7))
s.settimeout(0.1)
ending = []
signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
for _ in range(300):
    try:
        s.send(b"hello")
        s.recv(64)
        break
    except OSError: time.sleep(0.1)
print("probing", flush=True)
sent, due = 0, time.monotonic()
while not ending:
    s.send(struct.pack("!Q", sent))
    sent, due = sent + 1, due + float(sys.argv[2])
    time.sleep(max(0, due - time.monotonic()))
time.sleep(1)
for _ in range(5): s.send(b"end " + str(sent).encode())
`;

const HEAR = `
import json, socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 7))
s.settimeout(120)
heard, last, gap = set(), None, 0
while True:
    data, sender = s.recvfrom(64)
    if data == b"hello": s.sendto(b"hello", sender)
    elif data.startswith(b"end "): break
    else:
        now = time.monotonic()
        if last is not None: gap = max(gap, now - last)
        last = now
        heard.add(data)
sent = int(data[4:])
print(json.dumps({"sent": sent, "lost": sent - len(heard), "longestGapMs": round(gap * 1000)}))
`;
