import { expect, test } from 'vitest';
import { rateOf } from './rate';
import { largest, syntheticCircuit } from './synthetic';

test('a synthetic circuit has the size asked for, no edge twice, and edges that lead up and on', () => {
  const circuit = syntheticCircuit({ ...largest, nodes: 1000, edges: 5000 });
  expect(circuit.nodes.length).toBe(1000);
  expect(new Set(circuit.edgeSource.map((source, edge) => `${source} ${circuit.edgeTarget[edge]}`)).size).toBe(5000);
  circuit.edgeSource.forEach((source, edge) => {
    const low = circuit.nodes[source];
    const high = circuit.nodes[circuit.edgeTarget[edge] ?? -1];
    expect((low?.layer ?? 0) < (high?.layer ?? 0) && (low?.position ?? 0) <= (high?.position ?? 0)).toBe(true);
  });
  expect(new Set(circuit.nodes.map((node) => node.id)).size).toBe(1000);
});

test('the same seed gives the same circuit, another one another', () => {
  const shape = { ...largest, nodes: 300, edges: 500 };
  expect(syntheticCircuit(shape)).toEqual(syntheticCircuit(shape));
  expect(syntheticCircuit({ ...shape, seed: 8 }).edgeWeight).not.toEqual(syntheticCircuit(shape).edgeWeight);
});

test('a rate is of frames over time, with the slow ones told', () => {
  const times = [0, ...Array.from({ length: 19 }, (_, index) => 10 * (index + 1)), 290];
  expect(rateOf(times)).toEqual({ frames: 20, seconds: 0.3, framesPerSecond: 69, p95Ms: 10, longestMs: 100 });
});
