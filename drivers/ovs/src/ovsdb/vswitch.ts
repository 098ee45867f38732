import { flag, integer, mapOf, one, optional, reference, setOf, text } from './columns.ts';
import { type Mirror, mirrorTables } from './mirror.ts';
import type { Ovsdb } from './session.ts';

/** The columns of ovs-vswitchd.conf.db(5) that the product uses. */
const vswitchTables = {
  Open_vSwitch: {
    bridges: setOf(reference),
    cur_cfg: one(integer, 0),
    other_config: mapOf(text),
    ovs_version: optional(text),
  },
  Bridge: {
    name: one(text, ''),
    ports: setOf(reference),
    datapath_type: one(text, ''),
    fail_mode: optional(text),
    protocols: setOf(text),
    other_config: mapOf(text),
    external_ids: mapOf(text),
    mcast_snooping_enable: one(flag, false),
  },
  Port: { name: one(text, ''), interfaces: setOf(reference), tag: optional(integer) },
  Interface: {
    name: one(text, ''),
    type: one(text, ''),
    ofport: optional(integer),
    mac_in_use: optional(text),
    external_ids: mapOf(text),
    link_state: optional(text),
    error: optional(text),
  },
} as const;

export const database = 'Open_vSwitch';

export type VswitchMirror = Mirror<typeof vswitchTables>;

export function mirrorVswitch(ovsdb: Ovsdb): Promise<VswitchMirror> {
  return mirrorTables(ovsdb, database, vswitchTables);
}
