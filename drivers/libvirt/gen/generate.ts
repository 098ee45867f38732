/**
 * Writes `src/gen/` from libvirt's protocol descriptions, which are append-only: generate from the newest release.
 *
 *     node gen/generate.ts LIBVIRT/src      # the unpacked source of libvirt
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Dialect, emit } from './emit.ts';
import { parse } from './parse.ts';

const DIALECTS: Dialect[] = [
  { source: 'rpc/virnetprotocol.x', target: 'net.ts', typePrefix: /^virNet/, constPrefix: /^VIR_NET_/,
    exported: [
      ...['MESSAGE_MAX', 'MESSAGE_HEADER_MAX', 'MESSAGE_LEN_MAX'],
      ...['messageType', 'messageStatus', 'messageError', 'streamHole'],
    ] },
  { source: 'rpc/virkeepaliveprotocol.x', target: 'keepalive.ts', typePrefix: /^keepalive_/, constPrefix: /^KEEPALIVE_/ },
  {
    source: 'remote/remote_protocol.x',
    target: 'remote.ts',
    typePrefix: /^remote_/,
    constPrefix: /^REMOTE_/,
    procedures: {
      enumName: 'remote_procedure',
      prefix: 'REMOTE_PROC_',
      program: 'REMOTE_PROGRAM',
      version: 'REMOTE_PROTOCOL_VERSION',
    },
  },
  {
    source: 'remote/qemu_protocol.x',
    target: 'qemu.ts',
    typePrefix: /^qemu_/,
    constPrefix: /^QEMU_/,
    procedures: {
      enumName: 'qemu_procedure',
      prefix: 'QEMU_PROC_',
      program: 'QEMU_PROGRAM',
      version: 'QEMU_PROTOCOL_VERSION',
    },
    imports: {
      from: './remote.ts',
      names: {
        remote_nonnull_domain: 'nonnullDomain',
        remote_domain: 'domain',
        remote_nonnull_string: 'nonnullString',
        remote_string: 'nullableString',
      },
    },
  },
];

const sourceDir = process.argv[2];
if (!sourceDir) {
  console.error('usage: node gen/generate.ts LIBVIRT/src');
  process.exit(2);
}
for (const dialect of DIALECTS) {
  const declarations = parse(readFileSync(join(sourceDir, dialect.source), 'utf8'));
  writeFileSync(join(import.meta.dirname, '../src/gen', dialect.target), emit(dialect, declarations));
}
