import type { SeenMirror } from '@hypervigil/contract';
import { type Capture, CaptureBounds } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, uuid } from './make.ts';

/** A file of eleven bytes, and its sum. */
const FILE = Buffer.from('a capture\n\n');
const FILE_SHA256 = '4bd086af6c689dc7cfe0de1d6a3547eac8d88dea2f1004298b2ffbe32f065cf3';

export function mirrorHandlers(state: State): Handlers {
  const { data, events } = state;
  const tenantId = data.tenants[0]?.id;
  const target = { kind: 'capture' } as const;
  let mirrors: SeenMirror[] = [];
  let captures: Capture[] = [];
  if (tenantId !== undefined) {
    const host = { hostId: uuid('host', 1), hostName: 'kvm-01' };
    const common = { tenantId, vmIds: data.vms.slice(0, 1).map(({ id }) => id), revision: 1, changedAt: ago(5 * HOUR) };
    mirrors = [
      {
        ...common,
        ...{
          id: uuid('mirror', 1),
          num: 1,
          name: 'web-tap',
          description: 'For the incident of Monday',
          oneIn: 1,
          target,
        },
        hosts: [{ ...host, state: 'idle', reason: null, copied: 123, dropped: 2 }],
      },
    ];
    captures = [
      {
        ...{ id: uuid('capture', 1), mirrorId: uuid('mirror', 1), mirrorName: 'web-tap', tenantId },
        bounds: CaptureBounds.parse({}),
        ...{ startedBy: 'admin', startedAt: ago(HOUR), endsAt: ago(HOUR), isRunning: false },
        files: [
          {
            ...{ ...host, id: uuid('capture', 2), hostOnline: true, state: 'done', reason: null },
            ...{ packets: 123, leftOut: 4, bytes: FILE.length, sha256: FILE_SHA256 },
          },
        ],
      },
    ];
  }
  const told = () => events.emit({ kind: 'changed', what: 'mirrors' });
  const end = (id: string): Capture => {
    const capture = { ...find(captures, id), isRunning: false };
    captures = captures.map((one) => (one.id === id ? capture : one));
    told();
    return capture;
  };
  return {
    listMirrors: ({ query }) => page(mirrors, query),
    getMirror: ({ params }) => find(mirrors, params.id),
    createMirror: ({ body }) => {
      const num = state.next();
      const made = { revision: 1, changedAt: new Date().toISOString(), hosts: [] };
      const mirror = { ...body, ...made, id: uuid('mirror', num), num };
      mirrors = [...mirrors, mirror];
      told();
      return mirror;
    },
    updateMirror: ({ params, body }) => {
      const mirror = { ...find(mirrors, params.id), ...body, revision: body.revision + 1 };
      mirrors = mirrors.map((one) => (one.id === mirror.id ? mirror : one));
      told();
      return mirror;
    },
    deleteMirror: ({ params }) => {
      for (const { name, rules } of data.draft)
        for (const rule of rules)
          if (rule.mirrorId === params.id)
            throw new Refused('named-by-rule', { what: 'mirror', policy: name, rule: rule.name });
      mirrors = mirrors.filter(({ id }) => id !== params.id);
      told();
      return undefined;
    },
    startCapture: ({ params, body }) => {
      const { id: mirrorId, name: mirrorName, tenantId: owner } = find(mirrors, params.id);
      const now = Date.now();
      const capture: Capture = {
        ...{ id: uuid('capture', state.next()), mirrorId, mirrorName, tenantId: owner, bounds: body },
        ...{ startedBy: 'admin', startedAt: new Date(now).toISOString() },
        ...{ endsAt: new Date(now + body.seconds * 1000).toISOString(), isRunning: true, files: [] },
      };
      captures = [capture, ...captures];
      told();
      return capture;
    },
    listCaptures: () => ({ items: captures }),
    getCapture: ({ params }) => find(captures, params.id),
    stopCapture: ({ params }) => end(params.id),
    deleteCapture: ({ params }) => {
      captures = captures.filter(({ id }) => id !== params.id);
      told();
      return undefined;
    },
    readCapture: () => ({ data: FILE.toString('base64'), next: null }),
  };
}
