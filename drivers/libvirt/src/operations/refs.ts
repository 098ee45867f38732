/** How libvirt names its objects. Every operation takes these; none keeps any. */
export interface DomainRef {
  readonly name: string;
  /** RFC 9562 text, lower case. */
  readonly uuid: string;
  /** The number of the running instance, -1 while the domain is off. */
  readonly id: number;
}

export interface NetworkRef {
  readonly name: string;
  readonly uuid: string;
}

export interface PoolRef {
  readonly name: string;
  readonly uuid: string;
}

export interface VolumeRef {
  readonly pool: string;
  readonly name: string;
  /** Unique on the host; a path for file-backed pools. */
  readonly key: string;
}

export interface SecretRef {
  readonly uuid: string;
  /** `virSecretUsageType`: 0 none, 1 volume, 2 ceph, 3 iscsi, 4 tls, 5 vtpm. */
  readonly usageType: number;
  readonly usageID: string;
}
