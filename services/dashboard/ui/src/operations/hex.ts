/** Lines of sixteen bytes, each with its place, the bytes and what is printable of them, as hexdump writes them. */
export function hexLines(hex: string): string {
  const pairs = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: string[] = [];
  for (let i = 0; i < pairs.length; i += 16) {
    const line = pairs.slice(i, i + 16);
    const text = line.map((pair) => printable(Number.parseInt(pair, 16))).join('');
    lines.push(`${i.toString(16).padStart(4, '0')}  ${line.join(' ').padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}

function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}
