import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowEdge } from '@hypervigil/contract';
import fc from 'fast-check';
import { absoluteBoxes, sameNode, toEdges, toNodes } from '../src/map/elements.ts';
import { linkOpacity, linkWidth } from '../src/map/geometry.ts';
import { type Box, placeScene } from '../src/map/layout.ts';
import { lineLabel } from '../src/map/line-labels.ts';
import { routeLinks } from '../src/map/routing.ts';
import { buildScene, LAYOUTS, type SceneInput } from '../src/map/scene.ts';
import { keepSame } from '../src/map/use-kept.ts';
import { layWays } from '../src/map/ways.ts';
import { EventLog } from './fake-platform/event-log.ts';
import { flowHandlers } from './fake-platform/flow-handlers.ts';
import { State } from './fake-platform/handlers.ts';

function input(mode: 'demo' | 'vms', change: Partial<SceneInput> = {}): SceneInput {
  const state = new State(mode, new EventLog(), false);
  const edges = (flowHandlers(state).listEdges!({ query: { limit: 5000 } }) as { items: FlowEdge[] }).items;
  const { vms, hosts, tenants, groups } = state.data;
  return {
    vms,
    hosts,
    tenants,
    edges,
    groups: groups.map((group) => ({ ...group, memberCount: 0 })),
    layout: 'host',
    opened: new Set(),
    showIdle: true,
    ...change,
  };
}

test('hosts hold their VMs, addresses stand outside, lines are bundled by verdict', () => {
  const scene = buildScene(input('demo'));
  assert.deepEqual(
    scene.containers.map((c) => [c.name, c.nodes.length]),
    [
      [undefined, 2],
      ['kvm-01', 3],
      ['kvm-02', 2],
    ],
  );
  assert.ok(scene.links.some((link) => link.verdict === 'deny' && link.services.includes('tcp/22')));
  const volume = (links: { bytes: number }[]) => links.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.equal(volume([...scene.links]), volume([...input('demo').edges]), 'nothing is lost in bundling');
});

test('10,000 VMs are drawn as clusters; an opened one shows its VMs', () => {
  const closed = buildScene(input('vms'));
  assert.ok(closed.clustered);
  assert.equal(closed.containers.flatMap((c) => c.nodes).length, 40);
  const [first] = closed.containers;
  const open = buildScene(input('vms', { opened: new Set([first!.id]) }));
  assert.equal(open.containers.find((c) => c.id === first!.id)!.nodes.length, 250);
});

test('the same scene is always the same picture, and no two things overlap', () => {
  for (const mode of ['demo', 'vms'] as const)
    for (const layout of LAYOUTS) {
      const scene = buildScene(input(mode, { layout }));
      const placed = placeScene(scene);
      assert.deepEqual(
        placeScene(buildScene(input(mode, { layout, edges: [...input(mode).edges] }))).containers,
        placed.containers,
      );
      const boxes = [...placed.containers.values()];
      for (const [i, a] of boxes.entries())
        for (const b of boxes.slice(i + 1))
          assert.ok(
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
            `${mode} ${layout}`,
          );
      for (const container of scene.containers)
        for (const node of container.nodes) {
          const box = placed.nodes.get(node.id)!;
          const frame = placed.containers.get(container.id)!;
          assert.ok(
            box.x + box.width <= frame.width && box.y + box.height <= frame.height,
            'a card lies in its container',
          );
        }
    }
});

test('lines have finite ways whatever the boxes are, and stand on the border of their cards', () => {
  const box = fc.record({ x: fc.integer(), y: fc.integer(), width: fc.nat(500), height: fc.nat(500) });
  const ends = fc.record({ source: fc.constantFrom('a', 'b', 'c'), target: fc.constantFrom('a', 'b', 'c', 'gone') });
  fc.assert(
    fc.property(box, box, box, fc.array(ends, { maxLength: 8 }), (a, b, c, pairs) => {
      const cards = new Map(Object.entries({ a, b, c }));
      const links = pairs.map((pair, n) => ({ id: String(n), ...pair }));
      const curves = routeLinks(links, cards);
      assert.equal(curves.size, pairs.filter(({ target }) => target !== 'gone').length);
      for (const { id, source } of links) {
        const curve = curves.get(id);
        if (curve === undefined) continue;
        assert.ok([...curve.bezier.flat(), ...curve.end, curve.angle].every(Number.isFinite));
        assert.doesNotMatch(curve.path, /NaN|Infinity/);
        const [x, y] = curve.bezier[0];
        const from = cards.get(source)!;
        assert.ok(x === from.x || x === from.x + from.width || y === from.y || y === from.y + from.height);
      }
    }),
    { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) },
  );
});

test('one line per direction and verdict; its label lies on no card and on no other label', () => {
  for (const layout of LAYOUTS) {
    const scene = buildScene(input('demo', { layout }));
    const keys = scene.links.map((link) => `${link.source} ${link.target} ${link.verdict}`);
    assert.equal(new Set(keys).size, keys.length);
    const boxes = absoluteBoxes(toNodes(scene, placeScene(scene), {}));
    const taken = boxes.filter(({ kind }) => kind === 'card').map((box): Box => box);
    const routes = scene.links.map(({ id, source, target, services }) => ({
      id,
      source,
      target,
      text: lineLabel(services),
    }));
    for (const { data } of toEdges(scene.links, layWays(routes, boxes, true), () => '')) {
      const { label } = data!;
      const { labelAt } = data!.way;
      const width = label.length * 6.6;
      const box = { x: labelAt[0] - width / 2, y: labelAt[1] - 8, width, height: 16 };
      const under = taken.find(
        (b) => box.x < b.x + b.width && b.x < box.x + width && box.y < b.y + b.height && b.y < box.y + 16,
      );
      assert.equal(under, undefined, `${layout}: ${label}`);
      taken.push(box);
    }
  }
});

test('of a map in which one VM changed, one card is drawn anew', () => {
  const before = input('demo');
  const changed = { ...before.vms[0]!, state: 'paused' as const };
  const draw = (of: SceneInput) => {
    const scene = buildScene(of);
    return toNodes(scene, placeScene(scene), {});
  };
  const first = draw(before);
  assert.equal(keepSame(first, draw(before), sameNode), first, 'nothing changed: all is what it was');
  const next = keepSame(first, draw({ ...before, vms: before.vms.with(0, changed) }), sameNode);
  assert.deepEqual(
    next.filter((node, n) => node !== first[n]).map(({ id }) => id),
    [changed.id],
  );
});

test('width grows with volume, old lines fade but stay', () => {
  assert.ok(linkWidth(100) < linkWidth(1e6) && linkWidth(1e6) < linkWidth(1e9));
  assert.equal(linkWidth(1e15), 5);
  assert.equal(linkOpacity(new Date(0).toISOString(), 1e12, 1000), 0.35);
});
