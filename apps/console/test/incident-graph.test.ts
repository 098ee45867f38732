import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentGraph } from '@hypervigil/model';
import { layoutOf, NODE } from '../src/pages/incidents/graph-layout.ts';

const graphOf = (...pairs: readonly [string, string][]): IncidentGraph => ({
  nodes: [...new Set(pairs.flat())].map((id) => ({
    id,
    vmId: null,
    vmName: null,
    tenantId: null,
    ip: null,
    alerts: 0,
  })),
  edges: pairs.map(([from, to]) => ({ from, to, codes: ['beacon'], severity: 'low', alertIds: ['a'] })),
});

describe('the picture of an incident', () => {
  it('reads from left to right: who begins, whom it is done to, where it goes on to', () => {
    const { places } = layoutOf(graphOf(['db', 'outside'], ['attacker', 'web'], ['web', 'db'], ['attacker', 'mail']));
    const columns = Map.groupBy(places.keys(), (id) => places.get(id)!.x);
    assert.deepEqual(
      [...columns].sort(([a], [b]) => a - b).map(([, ids]) => ids.toSorted()),
      [['attacker'], ['mail', 'web'], ['db'], ['outside']],
    );
  });

  it('lays no box over another, in a circle neither, and leaves to the table what is too much', () => {
    const circle = graphOf(['a', 'b'], ['b', 'c'], ['c', 'a'], ['x', 'x']);
    const fan = graphOf(...Array.from({ length: 60 }, (_, n): [string, string] => ['a', `b${n}`]));
    for (const graph of [circle, fan, graphOf()]) {
      const { places, width, height, notDrawn } = layoutOf(graph);
      const all = [...places.values()];
      assert.equal(all.length + notDrawn, graph.nodes.length);
      for (const [i, one] of all.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0 && one.x + NODE.width <= width && one.y + NODE.height <= height);
        for (const other of all.slice(i + 1))
          assert.ok(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height);
      }
    }
    assert.equal(layoutOf(fan).notDrawn, 21);
  });
});
