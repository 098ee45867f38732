import type { DetectorPreview } from '@hypervigil/contract';
import { type Effort, NOT_REPLAYED, type Raised, replay, tuningOf } from '@hypervigil/detect';
import type { FlowFilter, FlowStore, StoredFlow } from '@hypervigil/flowstore';
import type { DetectorSettingInput } from '@hypervigil/model';
import { unknownId } from '../errors.ts';
import { asking } from '../flows/asking.ts';
import { membersOf } from '../policy/members.ts';
import { inTurns } from '../recorded/in-turns.ts';
import { instants, lastDays } from '../recorded/window.ts';
import type { Database } from '../state/database.ts';

interface PreviewDeps {
  readonly db: Database;
  readonly flows: Pick<FlowStore, 'query'>;
}

interface Asked extends Pick<DetectorSettingInput, 'groupId' | 'codes' | 'sensitivity'> {
  readonly days: number;
}

/** The newest are looked at, where there are more: it bounds memory and time. */
const MAX_FLOWS = 100_000;
const PAGE = 20_000;
const SHOWN = 200;

/**
 * What detectors would have told of recorded flows as usual, and as they would be set.
 * @throws ApiFailure `invalid-request`
 */
export async function previewSetting(deps: PreviewDeps, asked: Asked, signal: AbortSignal): Promise<DetectorPreview> {
  const { db } = deps;
  const { groupId, codes, sensitivity, days } = asked;
  const window = lastDays(days);
  const vmIds = groupId === null ? undefined : await membersIn(db, groupId);
  const { flows, isCut } = await recorded(deps.flows, { ...window, ...(vmIds && { vmIds }) }, signal);
  const tell = (effort: Effort) => inTurns(replay(flows, { codes, effort, vmIds: vmIds && new Set(vmIds) }), signal);
  const { effort, offBy } = tuningOf([{ id: '', groupId, codes, sensitivity }]);
  const usual = await tell({});
  const set = (await tell(effort)).filter(({ code }) => !(code in offBy));
  return {
    ...instants(window),
    ...{ flows: flows.length, isCut, usual: usual.length, set: set.length },
    notReplayed: codes.filter((code) => NOT_REPLAYED.includes(code)),
    items: await itemsOf(db, usual, set),
  };
}

async function membersIn(db: Database, groupId: string): Promise<string[]> {
  const group = await db.selectFrom('groups').select('id').where('id', '=', groupId).executeTakeFirst();
  if (group === undefined) throw unknownId('groupId', 'group');
  return membersOf(db, groupId);
}

/** In the order of their ends. */
async function recorded(store: Pick<FlowStore, 'query'>, filter: FlowFilter, signal: AbortSignal) {
  const found: StoredFlow[] = [];
  let cursor: string | undefined;
  do {
    signal.throwIfAborted();
    const { flows, nextCursor } = await asking(() => store.query(filter, { limit: PAGE, order: 'last', cursor }));
    found.push(...flows);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < MAX_FLOWS);
  return { flows: found.reverse(), isCut: cursor !== undefined };
}

/** Each with whether it is told as usual, and as set; the newest first. */
async function itemsOf(
  db: Database,
  usual: readonly Raised[],
  set: readonly Raised[],
): Promise<DetectorPreview['items']> {
  const keyOf = ({ code, vmId, about }: Raised) => `${vmId} ${code} ${about}`;
  const [asUsual, asSet] = [usual, set].map((all) => new Map(all.map((one) => [keyOf(one), one])));
  const all = [...new Map([...asSet!, ...asUsual!]).values()].sort((a, b) => b.atMs - a.atMs).slice(0, SHOWN);
  const ids = [...new Set(all.map(({ vmId }) => vmId))];
  const vms =
    ids.length === 0 ? [] : await db.selectFrom('vms').select(['id', 'name']).where('id', 'in', ids).execute();
  const names = new Map(vms.map(({ id, name }) => [id, name]));
  return all.map((one) => ({
    ...{ code: one.code, vmId: one.vmId, vmName: names.get(one.vmId) ?? '', at: new Date(one.atMs).toISOString() },
    ...{ usual: asUsual!.has(keyOf(one)), set: asSet!.has(keyOf(one)) },
  }));
}
