/** What a series of frames was like: the rate over all, and how long single ones took. */
export interface Rate {
  readonly frames: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** Milliseconds between two frames: 95 % are shorter. */
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** From the times of successive frames, in milliseconds; at least two. */
export function rateOf(times: readonly number[]): Rate {
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? 0;
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const sorted = [...gaps].sort((a, b) => a - b);
  const round = (value: number) => Math.round(value * 10) / 10;
  const seconds = (last - first) / 1000;
  return {
    frames: gaps.length,
    seconds: round(seconds),
    framesPerSecond: seconds > 0 ? round(gaps.length / seconds) : 0,
    p95Ms: round(sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0),
    longestMs: round(sorted[sorted.length - 1] ?? 0),
  };
}

/** Calls an action before every frame for a while; the times of the frames. */
export function frames(ms: number, action: (progress: number) => void): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = [];
    const frame = (time: number): void => {
      times.push(time);
      const progress = (time - (times[0] ?? time)) / ms;
      if (progress >= 1) {
        resolve(times);
        return;
      }
      action(progress);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
