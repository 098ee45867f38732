import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { run } from '../run.ts';
import { type Files, librariesBelow } from './tree.ts';

/**
 * A compressed, read-only file system with exactly these files and folders: owner 0, time 0, the same bytes each time.
 * @param tools where the packages with mksquashfs and its libraries are unpacked: this machine's own may be another version
 */
export async function squashfs(files: Files, folders: readonly string[], tools: string, work: string): Promise<Buffer> {
  const source = join(work, 'squashfs-root');
  const target = join(work, 'root.squashfs');
  mkdirSync(source, { recursive: true });
  for (const path of [...folders].sort()) mkdirSync(join(source, path), { recursive: true });
  for (const [path, { data, mode }] of files) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), data);
    chmodSync(join(source, path), mode);
  }
  await run(['find', source, '-type', 'd', '-exec', 'chmod', '755', '{}', '+']);
  const libraries = librariesBelow(tools);
  const loader = [...libraries].find(([name]) => name.startsWith('ld-linux'))?.[1];
  if (!loader) throw new GatewayError('GATEWAY_IMAGE', 'The packages of the tools hold no loader');
  const path = [...new Set([...libraries.values()].map((file) => dirname(file)))].join(':');
  await run([
    ...[loader, '--library-path', path, join(tools, 'usr/bin/mksquashfs'), source, target],
    ...['-comp', 'zstd', '-Xcompression-level', '15', '-reproducible', '-mkfs-time', '0', '-all-time', '0'],
    ...['-all-root', '-noappend', '-no-progress', '-quiet', '-no-xattrs'],
  ]);
  const bytes = readFileSync(target);
  rmSync(source, { recursive: true });
  rmSync(target);
  return bytes;
}
