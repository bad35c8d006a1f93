import { expect, test } from 'vitest';
import { at } from './at';
import { golden, texasGraph } from './fixtures/fixtures';
import { boxSize, placed, subgraphOf } from './subgraph';

test('groups are boxes, their members are not; ids that the circuit has not are left out', () => {
  const { boxes } = subgraphOf(golden, ['n1', 'n11', 'elsewhere'], [{ name: 'g', nodes: ['n1', 'n3'] }]);
  expect(boxes.map((box) => [box.key, box.group, box.nodes])).toEqual([
    ['group:g', 'g', [1, 3]],
    ['n11', null, [11]],
  ]);
  expect(boxes[0]?.layer).toBe(0.5);
});

test('what is read lies below what reads it and no boxes overlap', () => {
  const pins = texasGraph.nodes.map((node) => node.id);
  const subgraph = subgraphOf(texasGraph, pins, []);
  const { places, width, height } = placed(subgraph, {});
  for (const edge of subgraph.edges) {
    if (Math.abs(edge.weight) >= 0.003) expect(at(places, edge.source).y).toBeGreaterThan(at(places, edge.target).y);
  }
  places.forEach((a, index) => {
    for (const b of places.slice(index + 1)) {
      expect(Math.abs(a.x - b.x) >= boxSize.width || Math.abs(a.y - b.y) >= boxSize.height).toBe(true);
    }
    expect(a.x + boxSize.width / 2).toBeLessThanOrEqual(width);
    expect(a.y + boxSize.height / 2).toBeLessThanOrEqual(height);
  });
});

test('a dragged box stays where it was put', () => {
  const subgraph = subgraphOf(golden, ['n1', 'n11'], []);
  expect(at(placed(subgraph, { n1: [600, 70] }).places, 0)).toEqual({ x: 600, y: 70 });
});

test('an empty sub-graph has no boxes', () => {
  expect(placed(subgraphOf(golden, [], []), {}).places).toEqual([]);
});
