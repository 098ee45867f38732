import { GatewayError } from '../errors.ts';

/** What goes into an initramfs. Paths have no leading slash; parents come before their children. */
export type CpioEntry =
  | { readonly path: string; readonly kind: 'directory' }
  | { readonly path: string; readonly kind: 'file'; readonly mode: number; readonly data: Uint8Array }
  | { readonly path: string; readonly kind: 'link'; readonly target: string }
  | { readonly path: string; readonly kind: 'character device'; readonly major: number; readonly minor: number };

/**
 * A "newc" archive, as the kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst). Owner 0,
 * time 0: the same entries always give the same bytes.
 */
export function cpio(entries: readonly CpioEntry[]): Buffer {
  const parts: Buffer[] = [];
  const all = [...entries.map((e, i) => record(e, i + 1)), trailer()];
  for (const part of all) parts.push(part);
  return Buffer.concat(parts);
}

const FILE_TYPE = { directory: 0o040000, file: 0o100000, link: 0o120000, 'character device': 0o020000 } as const;

function record(entry: CpioEntry, inode: number): Buffer {
  if (entry.path.startsWith('/') || entry.path === '')
    throw new GatewayError('GATEWAY_IMAGE', `Bad path in archive: ${entry.path}`);
  const permissions = entry.kind === 'file' ? entry.mode & 0o7777 : entry.kind === 'link' ? 0o777 : 0o755;
  const data =
    entry.kind === 'file'
      ? Buffer.from(entry.data)
      : entry.kind === 'link'
        ? Buffer.from(entry.target)
        : Buffer.alloc(0);
  const device = entry.kind === 'character device' ? ([entry.major, entry.minor] as const) : ([0, 0] as const);
  return member(entry.path, inode, FILE_TYPE[entry.kind] | permissions, data, device);
}

const trailer = () => member('TRAILER!!!', 0, 0, Buffer.alloc(0), [0, 0]);

function member(
  path: string,
  inode: number,
  mode: number,
  data: Buffer,
  [major, minor]: readonly [number, number],
): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = (mode & 0o170000) === FILE_TYPE.directory ? 2 : 1;
  // c_ino, c_mode, c_uid, c_gid, c_nlink, c_mtime, c_filesize, c_maj, c_min, c_rmaj, c_rmin, c_namesize, c_chksum
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, major, minor, name.length, 0];
  const header = Buffer.from(`070701${fields.map((f) => f.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([align(Buffer.concat([header, name])), align(data)]);
}

/** Header with name, and data, each end on a multiple of four bytes. */
function align(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
