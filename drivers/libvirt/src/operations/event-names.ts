/** `virDomainEventType` in the order of its numbers, each with its details in theirs (libvirt-domain.h). */
const LIFECYCLE = [
  ['defined', ['added', 'updated', 'renamed', 'from-snapshot']],
  ['undefined', ['removed', 'renamed']],
  ['started', ['booted', 'migrated', 'restored', 'from-snapshot', 'wakeup']],
  [
    'suspended',
    [
      'paused',
      'migrated',
      'ioerror',
      'watchdog',
      'restored',
      'from-snapshot',
      'api-error',
      'postcopy',
      'postcopy-failed',
    ],
  ],
  ['resumed', ['unpaused', 'migrated', 'from-snapshot', 'postcopy', 'postcopy-failed']],
  ['stopped', ['shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from-snapshot']],
  ['shutdown', ['finished', 'guest', 'host']],
  ['pmsuspended', ['memory', 'disk']],
  ['crashed', ['panicked', 'crashloaded']],
] as const;

export type LifecycleEventName = (typeof LIFECYCLE)[number][0] | 'unknown';

export interface LifecycleEvent {
  event: LifecycleEventName;
  /** Why, in libvirt's word, such as `migrated`; `unknown` for numbers newer than this table. */
  detail: string;
}

export function lifecycleEvent(event: number, detail: number): LifecycleEvent {
  const known = LIFECYCLE[event];
  return { event: known?.[0] ?? 'unknown', detail: known?.[1][detail] ?? 'unknown' };
}

const BLOCK_JOB_TYPES = ['unknown', 'pull', 'copy', 'commit', 'active-commit', 'backup'] as const;
const BLOCK_JOB_STATUS = ['completed', 'failed', 'canceled', 'ready'] as const;

export type BlockJobType = (typeof BLOCK_JOB_TYPES)[number];
export type BlockJobStatus = (typeof BLOCK_JOB_STATUS)[number] | 'unknown';

export function blockJobType(number: number): BlockJobType {
  return BLOCK_JOB_TYPES[number] ?? 'unknown';
}

export function blockJobStatus(number: number): BlockJobStatus {
  return BLOCK_JOB_STATUS[number] ?? 'unknown';
}
