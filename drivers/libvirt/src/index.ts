export { type ConnectOptions, connectLibvirt } from './connect.ts';
export {
  isLibvirtError,
  isNotFound,
  LibvirtError,
  type LibvirtErrorCode,
  type LocalErrorCode,
  type RemoteErrorCode,
  type RemoteErrorDetail,
} from './errors.ts';
export { AFFECT, LIST_DOMAINS, MIGRATE, START, STATS, STATS_OF, UNDEFINE } from './flags.ts';
export type { Libvirt } from './libvirt.ts';
export type { BlockInfo, BlockJobInfo, BlockStats } from './operations/block.ts';
export type { DomainXmlFlags, MetadataKind } from './operations/domain-definition.ts';
export type { DomainInfo, DomainState } from './operations/domain-state.ts';
export type { BlockJobStatus, BlockJobType, LifecycleEvent, LifecycleEventName } from './operations/event-names.ts';
export type { DomainEventKind, DomainEventListener, DomainEvents } from './operations/events.ts';
export type { NodeInfo } from './operations/host.ts';
export type { GuestInterface, InterfaceStats } from './operations/interface.ts';
export type { JobStats } from './operations/migrate.ts';
export { migrateDirect } from './operations/migrate-direct.ts';
export type { MigrationOptions } from './operations/migration-options.ts';
export type { MigrationCookie, MigrationStep } from './operations/migration-steps.ts';
export type { DhcpLease } from './operations/networks.ts';
export type { DomainRef, NetworkRef, PoolRef, SecretRef, VolumeRef } from './operations/refs.ts';
export type { DomainStats, MemoryStat } from './operations/stats.ts';
export type { PoolInfo } from './operations/storage-pools.ts';
export type { VolumeInfo, VolumeRange } from './operations/storage-volumes.ts';
export type { VcpuInfo } from './operations/tuning.ts';
export type { LibvirtStream } from './rpc/stream.ts';
export type { CallOptions } from './session.ts';
export type { TypedParam } from './xdr/typed-params.ts';
export type { ChannelModel, DiskModel, GraphicsModel, SecurityLabelModel } from './xml/devices.ts';
export { type DomainModel, parseDomainXml, writeDomainXml, writeInterfaceXml } from './xml/domain.ts';
export type { InterfaceModel, Offloads } from './xml/interface.ts';
export { type NicMetadata, VM_NAMESPACE, type VmMetadata } from './xml/metadata.ts';
export { parseXml } from './xml/parse.ts';
export type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xml/tree.ts';
export { writeXml } from './xml/write.ts';
