import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { type SyslogMessage, sendSyslog } from '../src/index.ts';
import { type SyslogServer, startSyslogServer } from '../src/testing/index.ts';

describe('syslog to a real server', { skip: process.env['HV_REAL'] !== '1' }, () => {
  async function connectTo({ port }: SyslogServer) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const messageOf = (n: number): SyslogMessage => ({
    ...{ severity: 3, at: new Date('2026-01-31T08:00:05.123Z'), host: 'hv1', app: 'hypervigil', type: 'raised' },
    text: JSON.stringify({ n, vm: '店\n', long: 'x'.repeat(20_000) }),
  });

  for (const secure of [true, false])
    it(`is taken whole, with its header (${secure ? 'TLS' : 'TCP'})`, async () => {
      await using server = await startSyslogServer(secure);
      const tls = secure ? { host: 'localhost', servername: 'localhost', ca: server.ca } : null;
      for (const n of [1, 2]) await sendSyslog(await connectTo(server), messageOf(n), tls);
      const taken = await server.taken(2);
      assert.deepEqual(
        taken.map(({ msg }) => JSON.parse(msg!) as object),
        [1, 2].map((n) => JSON.parse(messageOf(n).text) as object),
      );
      const { hostname, msgid, syslogseverity, syslogfacility, timereported } = taken[0]!;
      assert.deepEqual([hostname, msgid, syslogseverity, syslogfacility], ['hv1', 'raised', '3', '10']);
      assert.match(timereported ?? '', /^2026-01-31T/);
    });

  it('goes to nobody whose certificate is not to be trusted', async () => {
    await using server = await startSyslogServer(true);
    const distrusting = { host: 'localhost', servername: 'localhost' };
    await assert.rejects(sendSyslog(await connectTo(server), messageOf(1), distrusting), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});
