import * as remote from '../gen/remote.ts';
import type { PoolRef, VolumeRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

const POOL_STATES = ['inactive', 'building', 'running', 'degraded', 'inaccessible'] as const;

export interface PoolInfo {
  state: (typeof POOL_STATES)[number];
  capacityBytes: number;
  allocationBytes: number;
  availableBytes: number;
}

/** Storage pools. Rejects with `no-storage-pool` where there is none. */
export function storagePoolOperations({ call }: Rpc) {
  return {
    async pools(flags = 0): Promise<PoolRef[]> {
      return (await call(remote.connectListAllStoragePools, { needResults: 1, flags })).pools;
    },
    async poolByName(name: string): Promise<PoolRef> {
      return (await call(remote.storagePoolLookupByName, { name })).pool;
    },
    async poolByUuid(uuid: string): Promise<PoolRef> {
      return (await call(remote.storagePoolLookupByUuid, { uuid })).pool;
    },
    async poolOfVolume(vol: VolumeRef): Promise<PoolRef> {
      return (await call(remote.storagePoolLookupByVolume, { vol })).pool;
    },
    async poolXml(pool: PoolRef, options: { inactive?: boolean } = {}): Promise<string> {
      return (await call(remote.storagePoolGetXmlDesc, { pool, flags: options.inactive ? 1 : 0 })).xml;
    },
    async poolInfo(pool: PoolRef): Promise<PoolInfo> {
      const { state, capacity, allocation, available } = await call(remote.storagePoolGetInfo, { pool });
      return {
        state: POOL_STATES[state] ?? 'inaccessible',
        capacityBytes: Number(capacity),
        allocationBytes: Number(allocation),
        availableBytes: Number(available),
      };
    },
    async definePoolXml(xml: string): Promise<PoolRef> {
      return (await call(remote.storagePoolDefineXml, { xml, flags: 0 })).pool;
    },
    /** Makes and starts a transient pool. */
    async createPoolXml(xml: string): Promise<PoolRef> {
      return (await call(remote.storagePoolCreateXml, { xml, flags: 0 })).pool;
    },
    /** Makes the place that the pool describes: a directory, a volume group. */
    async buildPool(pool: PoolRef, flags = 0): Promise<void> {
      await call(remote.storagePoolBuild, { pool, flags });
    },
    async startPool(pool: PoolRef, flags = 0): Promise<void> {
      await call(remote.storagePoolCreate, { pool, flags });
    },
    /** Stops the pool; its data stays. */
    async destroyPool(pool: PoolRef): Promise<void> {
      await call(remote.storagePoolDestroy, { pool });
    },
    /** Removes the place itself. Its data is gone. */
    async deletePool(pool: PoolRef, flags = 0): Promise<void> {
      await call(remote.storagePoolDelete, { pool, flags });
    },
    async undefinePool(pool: PoolRef): Promise<void> {
      await call(remote.storagePoolUndefine, { pool });
    },
    async refreshPool(pool: PoolRef): Promise<void> {
      await call(remote.storagePoolRefresh, { pool, flags: 0 });
    },
    async setPoolAutostart(pool: PoolRef, on: boolean): Promise<void> {
      await call(remote.storagePoolSetAutostart, { pool, autostart: on ? 1 : 0 });
    },
    async isPoolActive(pool: PoolRef): Promise<boolean> {
      return (await call(remote.storagePoolIsActive, { pool })).active === 1;
    },
  };
}
