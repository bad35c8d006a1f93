/** One message of a text/event-stream. `id` is null where the message has none. */
export interface Message {
  event: string;
  data: string;
  id: string | null;
}

/**
 * Reads a text/event-stream as the HTML standard says, in pieces cut anywhere: `push` yields the messages that are
 * complete. Comments yield nothing. Unlike EventSource it tells messages without an id apart.
 */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;
  private begun = false;

  push(piece: string): Message[] {
    let text = this.rest + piece;
    if (!this.begun && text.length > 0) {
      this.begun = true;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    const messages: Message[] = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(text, from);
      if (end === null) break;
      const message = this.line(text.slice(from, end.at));
      if (message) messages.push(message);
      from = end.next;
    }
    this.rest = text.slice(from);
    return messages;
  }

  private line(line: string): Message | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): Message | null {
    const message = { event: this.event || 'message', data: this.data.join('\n'), id: this.id };
    const empty = this.data.length === 0;
    this.event = '';
    this.data = [];
    this.id = null;
    return empty ? null : message;
  }
}

/** Where the next line ends; null when it is not complete: a CR at the very end may have its LF in the next piece. */
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') return { at: i, next: i + 1 };
    if (c === '\r') {
      if (i + 1 === text.length) return null;
      return { at: i, next: text[i + 1] === '\n' ? i + 2 : i + 1 };
    }
  }
  return null;
}
