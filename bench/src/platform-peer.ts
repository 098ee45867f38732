/**
 * What a page of VMs costs at the least on this machine: the same rows by one plain SELECT, as JSON, over node:http.
 * No sign-in, no count, no checks. Run as `node platform-peer.ts SOCKET_DIR`; prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const PAGE = `select vms.id, vms.name, vms.host_id as "hostId", vms.tenant_id as "tenantId", vms.state, vms.vcpus,
    vms.memory_mib as "memoryMiB", vms.hypervisor, vms.tags, vms.first_seen_at as "firstSeenAt",
    vms.changed_at as "changedAt", json_agg(vnics) as vnics
  from (select * from vms order by name, id limit 100) as vms left join vnics on vnics.vm_id = vms.id
  group by vms.id, vms.name, vms.host_id, vms.tenant_id, vms.state, vms.vcpus, vms.memory_mib, vms.hypervisor, vms.tags,
    vms.first_seen_at, vms.changed_at
  order by vms.name, vms.id`;

const pool = new pg.Pool({ host: process.argv[2]!, user: 'hypervigil', database: 'hypervigil', max: 16 });
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  pool.query(PAGE).then(
    ({ rows }) => response.end(JSON.stringify({ items: rows })),
    (error: Error) => response.writeHead(500).end(JSON.stringify({ message: error.message })),
  );
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
