import type { Appctl } from './appctl.ts';

/**
 * Makes the switch ask its flows about every packet anew, instead of going on by what it remembers of them (megaflows).
 *
 * After a change the switch revises each megaflow by itself. The userspace datapath of 3.1 looks the one that it revises up
 * by its key (lib/dpif-netdev.c, flow_put_on_pmd), and may find another one that covers the same packets, made after the
 * change: that one gets the new actions, and the first keeps its old ones for as long as packets come, such as to let pass
 * what a rule allowed that is gone.
 */
export async function forgetMegaflows(appctl: Appctl): Promise<void> {
  // What a revalidator holds at that moment is passed over (ofproto/ofproto-dpif-upcall.c, revalidator_sweep__).
  for (let n = 0; n < 2; n++) await appctl.run('revalidator/purge');
}
