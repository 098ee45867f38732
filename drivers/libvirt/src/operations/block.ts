import * as remote from '../gen/remote.ts';
import { paramRecord, type TypedParam } from '../xdr/typed-params.ts';
import { type BlockJobType, blockJobType } from './event-names.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Counted since the domain started; -1 where the hypervisor does not count. */
export interface BlockStats {
  readRequests: number;
  readBytes: number;
  writeRequests: number;
  writeBytes: number;
  errors: number;
}

export interface BlockInfo {
  capacityBytes: number;
  /** Written by the guest. */
  allocationBytes: number;
  /** Taken on the host. */
  physicalBytes: number;
}

export interface BlockJobInfo {
  type: BlockJobType;
  bandwidth: number;
  current: number;
  end: number;
}

const BLOCK_PARAMS = 16;
const IO_TUNE_PARAMS = 32;

/** Disks of a domain; `disk` is a target such as `vda`, or a source path. */
export function blockOperations({ call }: Rpc) {
  return {
    async blockStats(dom: DomainRef, disk: string): Promise<BlockStats> {
      const stats = await call(remote.domainBlockStats, { dom, path: disk });
      return {
        readRequests: Number(stats.rdReq),
        readBytes: Number(stats.rdBytes),
        writeRequests: Number(stats.wrReq),
        writeBytes: Number(stats.wrBytes),
        errors: Number(stats.errs),
      };
    },
    /** More of the same, by libvirt's name, such as `flush_operations`. */
    async blockStatsDetail(dom: DomainRef, disk: string): Promise<Record<string, number | string | boolean>> {
      const args = { dom, path: disk, nparams: BLOCK_PARAMS, flags: 0 };
      return paramRecord((await call(remote.domainBlockStatsFlags, args)).params);
    },
    async blockInfo(dom: DomainRef, disk: string): Promise<BlockInfo> {
      const info = await call(remote.domainGetBlockInfo, { dom, path: disk, flags: 0 });
      return {
        capacityBytes: Number(info.capacity),
        allocationBytes: Number(info.allocation),
        physicalBytes: Number(info.physical),
      };
    },
    async blockResize(dom: DomainRef, disk: string, bytes: number): Promise<void> {
      await call(remote.domainBlockResize, { dom, disk, size: BigInt(bytes), flags: 1 });
    },
    /** The job that runs on a disk, if one does. */
    async blockJobInfo(dom: DomainRef, disk: string): Promise<BlockJobInfo | undefined> {
      const info = await call(remote.domainGetBlockJobInfo, { dom, path: disk, flags: 0 });
      if (info.found === 0) return undefined;
      const { type, bandwidth, cur, end } = info;
      return { type: blockJobType(type), bandwidth: Number(bandwidth), current: Number(cur), end: Number(end) };
    },
    /** Flag 2 pivots to the new image, flag 1 does not wait. */
    async blockJobAbort(dom: DomainRef, disk: string, flags = 0): Promise<void> {
      await call(remote.domainBlockJobAbort, { dom, path: disk, flags });
    },
    async blockJobSetSpeed(dom: DomainRef, disk: string, mibPerSecond: number): Promise<void> {
      await call(remote.domainBlockJobSetSpeed, { dom, path: disk, bandwidth: BigInt(mibPerSecond), flags: 0 });
    },
    /** Merges the backing chain into the image in use. */
    async blockPull(dom: DomainRef, disk: string, mibPerSecond = 0): Promise<void> {
      await call(remote.domainBlockPull, { dom, path: disk, bandwidth: BigInt(mibPerSecond), flags: 0 });
    },
    /** Merges images down the chain, from `top` into `base`. */
    async blockCommit(
      dom: DomainRef,
      disk: string,
      options: { base?: string; top?: string; mibPerSecond?: number; flags?: number } = {},
    ): Promise<void> {
      const { base = null, top = null, mibPerSecond = 0, flags = 0 } = options;
      await call(remote.domainBlockCommit, { dom, disk, base, top, bandwidth: BigInt(mibPerSecond), flags });
    },
    /** Copies a disk to the one that `xml` describes, until `blockJobAbort` pivots. */
    async blockCopy(dom: DomainRef, disk: string, xml: string, params: TypedParam[] = [], flags = 0): Promise<void> {
      await call(remote.domainBlockCopy, { dom, path: disk, destxml: xml, params, flags });
    },
    /** Reads up to 4 MiB of a disk as the guest sees it. */
    async blockPeek(dom: DomainRef, disk: string, offset: number, size: number): Promise<Uint8Array> {
      const args = { dom, path: disk, offset: BigInt(offset), size, flags: 0 };
      return (await call(remote.domainBlockPeek, args)).buffer;
    },
    /** Limits by libvirt's name, such as `total_bytes_sec`. */
    async blockIoTune(dom: DomainRef, disk: string, flags = 0): Promise<Record<string, number | string | boolean>> {
      const args = { dom, disk, nparams: IO_TUNE_PARAMS, flags };
      return paramRecord((await call(remote.domainGetBlockIoTune, args)).params);
    },
    async setBlockIoTune(dom: DomainRef, disk: string, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetBlockIoTune, { dom, disk, params, flags });
    },
    /** The event `block-threshold` fires when a disk has been written beyond so many bytes. */
    async setBlockThreshold(dom: DomainRef, disk: string, bytes: number): Promise<void> {
      await call(remote.domainSetBlockThreshold, { dom, dev: disk, threshold: BigInt(bytes), flags: 0 });
    },
    /** Disks that failed: 1 unspecified, 2 no space (virDomainDiskErrorCode). */
    async diskErrors(dom: DomainRef): Promise<{ disk: string; error: number }[]> {
      return (await call(remote.domainGetDiskErrors, { dom, maxerrors: 256, flags: 0 })).errors;
    },
  };
}
