// The pen: turns strokes into a line of points, bends that line, and inks the pixels it passes.
// Only + − × ÷ and √ are used, so the pictures are the same bits everywhere.
import type { Stroke } from "./strokes.ts";

/** Knots along each side of the field of displacements: a cubic B-spline with two spans. */
export const KNOTS = 5;

/** A line that the pen draws: points on the board, in [0, 1]², and how far along its stroke each lies. */
export interface Line {
  x: Float64Array;
  y: Float64Array;
  /** 0 at the start of the stroke, 1 at its end; a 0 after the first point begins another stroke. */
  along: Float64Array;
  length: number;
}

/** Room for the points of any digit. */
export function emptyLine(points: number): Line {
  return {
    x: new Float64Array(points),
    y: new Float64Array(points),
    along: new Float64Array(points),
    length: 0,
  };
}

/**
 * Follows the strokes with `steps` points a piece. `moves` are numbers by which the path's coordinates are moved one after
 * the other, in units of the board; curves that go on smoothly (S) still do afterwards.
 */
export function follow(strokes: readonly Stroke[], steps: number, moves: Float64Array, line: Line): void {
  let at = 0;
  let move = 0;
  for (const { start, pieces } of strokes) {
    let x = start[0] / 100 + moves[move++]!;
    let y = start[1] / 100 + moves[move++]!;
    // The control point before the end of the last curve, for S.
    let lastX = x;
    let lastY = y;
    line.x[at] = x;
    line.y[at] = y;
    line.along[at++] = 0;
    const total = pieces.length * steps;
    let done = 0;
    for (const { command, points } of pieces) {
      const moved = points.map((value) => value / 100 + moves[move++]!);
      const endX = moved[moved.length - 2]!;
      const endY = moved[moved.length - 1]!;
      let [ax, ay, bx, by] = [moved[0]!, moved[1]!, moved[2]!, moved[3]!];
      if (command === "L") {
        ax = x + (endX - x) / 3;
        ay = y + (endY - y) / 3;
        bx = endX - (endX - x) / 3;
        by = endY - (endY - y) / 3;
      } else if (command === "S") {
        [ax, ay, bx, by] = [2 * x - lastX, 2 * y - lastY, ax, ay];
      }
      for (let step = 1; step <= steps; step++) {
        const t = step / steps;
        const s = 1 - t;
        const [w0, w1, w2, w3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
        line.x[at] = w0 * x + w1 * ax + w2 * bx + w3 * endX;
        line.y[at] = w0 * y + w1 * ay + w2 * by + w3 * endY;
        line.along[at++] = ++done / total;
      }
      [x, y, lastX, lastY] = [endX, endY, bx, by];
    }
  }
  line.length = at;
}

/** The four cubic B-spline weights at t in [0, 1] of a span. */
function splineWeights(t: number, out: Float64Array): void {
  const s = 1 - t;
  out[0] = (s * s * s) / 6;
  out[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
  out[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
  out[3] = (t * t * t) / 6;
}

const horizontal = new Float64Array(4);
const vertical = new Float64Array(4);

/**
 * Moves every point by a smooth random field, as if the paper were stretched (after Simard, Steinkraus and Platt, "Best
 * practices for convolutional neural networks applied to visual document analysis", 2003, whose field is smoothed noise).
 * @param field KNOTS × KNOTS displacements in x, then as many in y, times `strength` in units of the board
 */
export function bend(line: Line, field: Float64Array, strength: number): void {
  const spans = KNOTS - 3;
  for (let i = 0; i < line.length; i++) {
    const u = Math.min(Math.max(line.x[i]!, 0), 1) * spans;
    const v = Math.min(Math.max(line.y[i]!, 0), 1) * spans;
    const column = Math.min(Math.floor(u), spans - 1);
    const row = Math.min(Math.floor(v), spans - 1);
    splineWeights(u - column, horizontal);
    splineWeights(v - row, vertical);
    let dx = 0;
    let dy = 0;
    for (let j = 0; j < 4; j++) {
      for (let k = 0; k < 4; k++) {
        const weight = vertical[j]! * horizontal[k]!;
        const knot = (row + j) * KNOTS + column + k;
        dx += weight * field[knot]!;
        dy += weight * field[KNOTS * KNOTS + knot]!;
      }
    }
    line.x[i]! += strength * dx;
    line.y[i]! += strength * dy;
  }
}

/** x ← a·(x − ½) + b·(y − ½) + ½ + e, y ← c·(x − ½) + d·(y − ½) + ½ + f. */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
}

export function place(line: Line, { a, b, c, d, e, f }: Affine): void {
  for (let i = 0; i < line.length; i++) {
    const u = line.x[i]! - 0.5;
    const v = line.y[i]! - 0.5;
    line.x[i] = a * u + b * v + 0.5 + e;
    line.y[i] = c * u + d * v + 0.5 + f;
  }
}

/** Moves the line, and shrinks it where it must, so that it lies at least `margin` inside the board. */
export function keepInside(line: Line, margin: number): void {
  for (const values of [line.x, line.y]) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < line.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
    const room = Math.max(1 - 2 * margin, 0);
    const factor = Math.min(1, room / (high - low));
    const start = Math.min(Math.max(low, margin), 1 - margin - factor * (high - low));
    for (let i = 0; i < line.length; i++) values[i] = start + factor * (values[i]! - low);
  }
}

/** Half the width of the pen in pixels, where the hand presses normally, and how the pressure changes along a stroke. */
export interface Pen {
  radius: number;
  /** Relative change at the start, in the middle and at the end of a stroke. */
  start: number;
  middle: number;
  end: number;
  /** Width in pixels over which the edge fades from ink to paper; 1 is plain anti-aliasing. */
  edge: number;
}

/**
 * Inks size × size pixels: `out` becomes 1 where the pen passed, 0 where it did not, and in between at the edges, by the
 * distance of the pixel's centre from the edge of the line.
 */
export function ink(line: Line, pen: Pen, size: number, out: Float64Array): void {
  // How far inside the ink each pixel lies, in pixels; negative outside.
  out.fill(-size);
  const reach = pen.edge / 2;
  for (let i = 1; i < line.length; i++) {
    if (line.along[i] === 0) continue;
    const x0 = line.x[i - 1]! * size;
    const y0 = line.y[i - 1]! * size;
    const dx = line.x[i]! * size - x0;
    const dy = line.y[i]! * size - y0;
    const squared = dx * dx + dy * dy;
    const radius0 = radiusAt(pen, line.along[i - 1]!);
    const growth = radiusAt(pen, line.along[i]!) - radius0;
    const far = Math.max(radius0, radius0 + growth) + reach;
    const left = Math.max(0, Math.floor(Math.min(x0, x0 + dx) - far));
    const right = Math.min(size - 1, Math.floor(Math.max(x0, x0 + dx) + far));
    const top = Math.max(0, Math.floor(Math.min(y0, y0 + dy) - far));
    const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y0 + dy) + far));
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5 - y0;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - x0;
        const t = squared > 0 ? Math.min(Math.max((px * dx + py * dy) / squared, 0), 1) : 0;
        const [ox, oy] = [px - t * dx, py - t * dy];
        const inside = radius0 + t * growth - Math.sqrt(ox * ox + oy * oy);
        const at = row * size + column;
        if (inside > out[at]!) out[at] = inside;
      }
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(0.5 + out[i]! / pen.edge, 0), 1);
}

function radiusAt({ radius, start, middle, end }: Pen, t: number): number {
  const s = 1 - t;
  return radius * Math.max(0.4, 1 + start * s * s + 2 * middle * s * t + end * t * t);
}
