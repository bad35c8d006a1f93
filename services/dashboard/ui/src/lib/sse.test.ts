import { describe, expect, it } from 'vitest';
import { EventParser, type Message } from './sse';

function read(...pieces: string[]): Message[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('EventParser', () => {
  const STREAM = 'id: a-1\nevent: trace\ndata: {"x":\ndata: 1}\n\n: keep-alive\n\nevent: progress\ndata: {}\n\n';
  const EXPECTED: Message[] = [
    { event: 'trace', data: '{"x":\n1}', id: 'a-1' },
    { event: 'progress', data: '{}', id: null },
  ];

  it('yields each message with its type, data and id', () => {
    expect(read(STREAM)).toEqual(EXPECTED);
  });

  it('yields the same wherever the stream is cut', () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      expect(read(STREAM.slice(0, cut), STREAM.slice(cut)), `cut at ${cut}`).toEqual(EXPECTED);
    }
    expect(read(...STREAM)).toEqual(EXPECTED);
  });

  it.each(['\r\n', '\r'])('reads lines that end with %j, cut anywhere', (end) => {
    const other = STREAM.replaceAll('\n', end) + ':\n';
    for (let cut = 0; cut <= other.length; cut++) {
      expect(read(other.slice(0, cut), other.slice(cut)), `cut at ${cut}`).toEqual(EXPECTED);
    }
  });

  it('takes one space after the colon away, not two', () => {
    expect(read('data:  two\n\n')).toEqual([{ event: 'message', data: ' two', id: null }]);
    expect(read('data:none\n\n')).toEqual([{ event: 'message', data: 'none', id: null }]);
  });

  it('yields nothing for a message without data', () => {
    expect(read('event: trace\nid: 7\n\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x', id: null }]);
  });

  it('yields nothing for an unfinished message', () => {
    expect(read('data: half\n')).toEqual([]);
  });

  it('passes over a byte order mark', () => {
    expect(read('\uFEFFdata: x\n\n')).toHaveLength(1);
  });
});
