// The clock of trajectories: played, paused, scrubbed, restarted. Time counts in steps of the trajectory and may lie between two.
import { useEffect, useRef, useState } from "preact/hooks";

export interface Playback {
  time: number;
  /** The last step. */
  end: number;
  playing: boolean;
  play: () => void;
  pause: () => void;
  restart: () => void;
  seek: (time: number) => void;
}

/** Seconds that a trajectory of so many steps plays: short ones are not over at once, long ones not endless. */
export function duration(steps: number): number {
  return Math.min(8, Math.max(1.5, steps * 0.05));
}

export function prefersReducedMotion(): boolean {
  return typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @param end number of the last step; a new end (the cell ran again) shows the whole path unless the reader had scrubbed */
export function usePlayback(end: number): Playback {
  const [time, setTime] = useState(end);
  const [playing, setPlaying] = useState(false);
  const now = useRef(end);
  const lastEnd = useRef(end);
  if (lastEnd.current !== end) {
    now.current = now.current >= lastEnd.current ? end : Math.min(now.current, end);
    lastEnd.current = end;
  }
  const set = (next: number): void => {
    now.current = Math.min(end, Math.max(0, next));
    setTime(now.current);
  };

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    let before: number | null = null;
    const rate = end / duration(end);
    const tick = (at: number): void => {
      // A tab in the background gets no frames: do not jump when it comes back.
      const elapsed = before === null ? 0 : Math.min(0.1, (at - before) / 1000);
      before = at;
      set(now.current + elapsed * rate);
      if (now.current >= end) setPlaying(false);
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [playing, end]);

  return {
    time: Math.min(end, lastEnd.current === end ? now.current : time),
    end,
    playing,
    play: () => {
      if (now.current >= end) set(0);
      setPlaying(true);
    },
    pause: () => setPlaying(false),
    restart: () => {
      set(0);
      setPlaying(true);
    },
    seek: (next) => {
      setPlaying(false);
      set(next);
    },
  };
}
