import { z } from 'zod';
import { Ip } from './address.ts';
import { Id, Instant, Name } from './ids.ts';

/** In what exporters tell of flows. NetFlow is its versions 5 and 9; sFlow is version 5. */
export const EXPORT_PROTOCOLS = ['ipfix', 'netflow', 'sflow'] as const;
export const ExportProtocol = z.enum(EXPORT_PROTOCOLS);
export type ExportProtocol = z.infer<typeof ExportProtocol>;

/** The UDP port that is usual for each (IANA; of NetFlow, custom). */
export const EXPORT_PORTS: Readonly<Record<ExportProtocol, number>> = { ipfix: 4739, netflow: 2055, sflow: 6343 };

/** What may be picked at most one packet of. */
const MAX_SAMPLING = 1_000_000;

/** A switch, router or probe that is none of the cloud's hosts, and is believed what it tells of flows. */
export const Exporter = z.object({
  id: Id,
  name: Name,
  description: z.string().max(500),
  /** The source address of its datagrams: nobody else is believed. */
  address: Ip,
  /** The host whose engine listens for it … */
  hostId: Id,
  /** … at this address of its own, and this UDP port. */
  listen: Ip,
  port: z.int().min(1).max(65535),
  protocol: ExportProtocol,
  /** The network whose addresses it tells of; null tells them apart by VLAN. */
  networkId: Id.nullable(),
  /** One packet in so many was counted, where its flows do not say; 1 is every one. sFlow says itself. */
  sampling: z.int().min(1).max(MAX_SAMPLING),
  revision: z.int(),
  changedAt: Instant,
});
export type Exporter = z.infer<typeof Exporter>;

/** That one host's engine listens for. */
export const MAX_EXPORTERS_PER_HOST = 64;

/** An exporter as the engine that listens for it has to know it. */
export const IntentExporter = Exporter.pick({
  id: true,
  address: true,
  listen: true,
  port: true,
  protocol: true,
  sampling: true,
}).extend({
  /** The network's number; null tells networks apart by VLAN. */
  network: z.int().min(1).max(65535).nullable(),
});
export type IntentExporter = z.infer<typeof IntentExporter>;

const Count = z.int().min(0);

/** What an engine says of an exporter; counted since it began to listen for it. */
export const ExporterReport = z.object({
  id: Id,
  /** `failed`: the address cannot be listened at, for a `reason`. */
  state: z.enum(['listening', 'failed']),
  reason: z.string().max(500).nullable(),
  datagrams: Count,
  /** Flow records, or sampled packets. */
  flows: Count,
  /** Records or datagrams that sequence numbers show as missing. */
  lost: Count,
  /** Times that a sequence number went backwards: it began anew, or two send from this address. */
  resets: Count,
  /** What could not be read. */
  malformed: Count,
  /** Sets of records that came before their template. */
  withoutTemplate: Count,
  /** Flow records with counters that no packets can have. */
  absurd: Count,
  /** One packet in so many, as it said last; null where it does not say. */
  sampling: z.int().min(1).nullable(),
  lastHeardAt: Instant.nullable(),
});
export type ExporterReport = z.infer<typeof ExporterReport>;

/** Somebody who sends to where exporters are listened for, and is none. */
export const Stranger = z.object({
  address: Ip,
  /** Where it sends to. */
  listen: Ip,
  port: z.int().min(1).max(65535),
  datagrams: Count,
  lastAt: Instant,
});
export type Stranger = z.infer<typeof Stranger>;

/** That an engine tells of; those unheard for longest make room. */
export const MAX_STRANGERS = 64;
