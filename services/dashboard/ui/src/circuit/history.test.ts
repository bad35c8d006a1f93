import { expect, test } from 'vitest';
import { historyOf, rebased, recorded, redone, undone } from './history';

test('undo and redo go back and forth', () => {
  const three = recorded(recorded(historyOf(1), 2), 3);
  const one = undone(undone(three));
  expect(one.present).toBe(1);
  expect(undone(one)).toBe(one);
  expect(redone(redone(one)).present).toBe(3);
  expect(redone(three)).toBe(three);
});

test('a change after an undo forgets what was undone', () => {
  const changed = recorded(undone(recorded(historyOf(1), 2)), 9);
  expect(changed.future).toEqual([]);
  expect(undone(changed).present).toBe(1);
});

test('the same value is no step', () => {
  const history = historyOf(1);
  expect(recorded(history, 1)).toBe(history);
});

test('what came from elsewhere is in every step and not one itself', () => {
  const history = rebased(undone(recorded(historyOf(['a']), ['a', 'b'])), (list) => [...list, 'theirs']);
  expect(history.present).toEqual(['a', 'theirs']);
  expect(redone(history).present).toEqual(['a', 'b', 'theirs']);
  expect(history.past).toEqual([]);
});

test('no more than two hundred steps are kept', () => {
  let history = historyOf(0);
  for (let step = 1; step <= 300; step++) history = recorded(history, step);
  expect(history.past.length).toBe(200);
  expect(history.past[0]).toBe(100);
});
