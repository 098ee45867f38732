import * as remote from '../gen/remote.ts';
import type { LibvirtStream } from '../rpc/stream.ts';
import type { PoolRef, VolumeRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

const VOLUME_TYPES = ['file', 'block', 'dir', 'network', 'netdir', 'ploop'] as const;

export interface VolumeInfo {
  type: (typeof VOLUME_TYPES)[number] | 'unknown';
  capacityBytes: number;
  allocationBytes: number;
}

export interface VolumeRange {
  /** Bytes from the start. */
  offset?: number;
  /** Bytes; 0 is all. */
  length?: number;
}

/** Storage volumes. Rejects with `no-storage-volume` where there is none. */
export function storageVolumeOperations({ call, openStream }: Rpc) {
  return {
    async volumes(pool: PoolRef): Promise<VolumeRef[]> {
      return (await call(remote.storagePoolListAllVolumes, { pool, needResults: 1, flags: 0 })).vols;
    },
    async volumeByName(pool: PoolRef, name: string): Promise<VolumeRef> {
      return (await call(remote.storageVolLookupByName, { pool, name })).vol;
    },
    async volumeByKey(key: string): Promise<VolumeRef> {
      return (await call(remote.storageVolLookupByKey, { key })).vol;
    },
    async volumeByPath(path: string): Promise<VolumeRef> {
      return (await call(remote.storageVolLookupByPath, { path })).vol;
    },
    async volumeXml(vol: VolumeRef): Promise<string> {
      return (await call(remote.storageVolGetXmlDesc, { vol, flags: 0 })).xml;
    },
    async volumePath(vol: VolumeRef): Promise<string> {
      return (await call(remote.storageVolGetPath, { vol })).name;
    },
    async volumeInfo(vol: VolumeRef): Promise<VolumeInfo> {
      const { type, capacity, allocation } = await call(remote.storageVolGetInfo, { vol });
      return {
        type: VOLUME_TYPES[type] ?? 'unknown',
        capacityBytes: Number(capacity),
        allocationBytes: Number(allocation),
      };
    },
    async createVolumeXml(pool: PoolRef, xml: string, flags = 0): Promise<VolumeRef> {
      return (await call(remote.storageVolCreateXml, { pool, xml, flags })).vol;
    },
    /** A new volume with the content of another. */
    async cloneVolume(pool: PoolRef, xml: string, from: VolumeRef, flags = 0): Promise<VolumeRef> {
      return (await call(remote.storageVolCreateXmlFrom, { pool, xml, clonevol: from, flags })).vol;
    },
    async deleteVolume(vol: VolumeRef, flags = 0): Promise<void> {
      await call(remote.storageVolDelete, { vol, flags });
    },
    /** Overwrites the content so that the next user of the space cannot read it. Algorithm 0 writes zeros. */
    async wipeVolume(vol: VolumeRef, algorithm = 0): Promise<void> {
      await call(remote.storageVolWipePattern, { vol, algorithm, flags: 0 });
    },
    async resizeVolume(vol: VolumeRef, bytes: number, flags = 0): Promise<void> {
      await call(remote.storageVolResize, { vol, capacity: BigInt(bytes), flags });
    },
    /** The content as a stream to read. It shares the connection with every other call: give it its own. */
    async downloadVolume(vol: VolumeRef, range: VolumeRange = {}): Promise<LibvirtStream> {
      return (await openStream(remote.storageVolDownload, { vol, ...wireRange(range), flags: 0 })).stream;
    },
    /** A stream to write the content into; `finish` of it means that the daemon has all of it. */
    async uploadVolume(vol: VolumeRef, range: VolumeRange = {}): Promise<LibvirtStream> {
      return (await openStream(remote.storageVolUpload, { vol, ...wireRange(range), flags: 0 })).stream;
    },
  };
}

function wireRange({ offset = 0, length = 0 }: VolumeRange): { offset: bigint; length: bigint } {
  return { offset: BigInt(offset), length: BigInt(length) };
}
