// How the digits 0–9 are written: for each digit four writing styles, each a few pen strokes made of Bézier curves.
//
// A stroke is SVG path data on a board of 100 × 100, x to the right and y down, limited to four commands with absolute
// coordinates: M starts a stroke, C is a cubic curve (two control points, end), S a cubic curve that goes on smoothly from the
// last one (second control point, end), L a straight line. So a style can be looked at, and drawn, with any SVG editor.

/** One piece of a stroke; the numbers are those of the path. */
export interface Piece {
  command: "C" | "S" | "L";
  points: readonly number[];
}

/** From the pen's touching the paper to its lifting. */
export interface Stroke {
  start: readonly [x: number, y: number];
  pieces: readonly Piece[];
}

const PATHS: readonly (readonly string[])[] = [
  // 0: round, from the top to the left; narrow; begun at the upper right and closed with a small overlap; upright and long
  [
    "M 51 14 C 33 14 27 34 27 51 C 27 70 36 87 51 87 C 66 87 74 68 74 49 C 74 30 67 14 50 14",
    "M 52 12 C 37 13 33 36 33 52 C 33 70 40 88 51 88 C 63 88 68 67 67 48 C 66 29 61 12 51 12",
    "M 63 21 C 50 8 30 21 27 46 C 24 71 37 88 51 86 C 68 84 76 58 72 38 C 70 25 60 13 47 15",
    "M 44 17 C 30 26 25 44 28 62 C 31 80 44 89 56 85 C 70 80 76 60 73 42 C 70 24 57 10 42 18",
  ],
  // 1: a line; a slanted line; with a flag; with a flag and a foot
  [
    "M 51 13 C 51 37 50 62 50 88",
    "M 58 13 C 54 38 48 62 43 88",
    "M 37 30 C 43 26 50 20 54 13 L 53 88",
    "M 38 29 C 44 25 49 19 52 13 L 52 86 M 36 87 L 69 86",
  ],
  // 2: swan's neck and a straight foot; with a loop in the corner; wide with a wavy foot; narrow and steep
  [
    "M 29 32 C 33 9 70 9 69 33 C 68 53 43 67 28 86 L 74 85",
    "M 30 27 C 38 9 69 10 68 33 C 67 56 46 73 33 81 C 23 86 24 70 37 73 C 50 77 58 89 76 80",
    "M 27 29 C 35 12 74 10 71 34 C 68 55 42 68 27 85 C 40 79 55 91 75 82",
    "M 34 27 C 40 10 66 9 65 31 C 64 50 44 66 33 87 L 70 87",
  ],
  // 3: two bows; a flat roof; a small loop in the waist; a pointed waist and a large lower bow
  [
    "M 30 23 C 39 9 69 9 67 29 C 66 43 53 47 43 47 C 58 47 73 52 72 68 C 71 91 38 92 27 77",
    "M 31 15 L 68 15 L 45 42 C 63 41 74 52 73 67 C 71 90 39 92 27 78",
    "M 31 20 C 43 8 70 11 66 31 C 63 44 50 49 42 49 C 37 48 43 43 50 46 C 64 48 74 57 71 72 C 67 91 39 91 28 80",
    "M 33 18 C 46 10 65 15 63 29 C 61 39 51 44 41 45 C 59 43 75 53 73 70 C 70 88 42 91 26 82",
  ],
  // 4: open, with a straight stem; closed triangle; open, from one curve; open and slanted with a short stem
  [
    "M 37 13 C 35 27 31 41 27 55 L 76 54 M 63 27 L 61 88",
    "M 63 88 L 63 13 C 52 29 38 46 24 62 L 78 62",
    "M 33 15 C 30 30 26 48 31 53 C 40 58 57 55 66 49 M 68 14 C 67 38 66 62 65 88",
    "M 44 12 C 38 28 31 43 25 59 C 42 58 58 57 75 56 M 60 38 C 58 55 56 71 54 88",
  ],
  // 5: in one stroke; with a hat drawn last; round with a short roof; slanted with a flat belly
  [
    "M 69 15 L 37 16 L 33 45 C 46 37 72 42 71 65 C 70 90 39 91 27 78",
    "M 38 17 L 34 46 C 50 36 73 46 71 66 C 68 89 40 91 28 81 M 38 17 L 71 14",
    "M 66 17 C 56 18 47 17 39 19 C 37 28 35 36 34 46 C 46 39 69 42 70 63 C 70 86 44 93 29 82",
    "M 72 14 L 41 17 C 38 27 35 37 33 47 C 49 41 68 48 67 66 C 65 84 43 90 26 83",
  ],
  // 6: a wide bow into a loop; an almost straight stem; a small closed loop; with an open, curled loop
  [
    "M 66 16 C 44 21 28 44 28 66 C 28 83 40 89 51 88 C 66 86 75 70 66 58 C 56 46 34 54 30 70",
    "M 59 12 C 47 30 34 48 31 65 C 29 81 39 89 51 88 C 65 86 72 70 64 59 C 54 48 36 57 32 72",
    "M 62 14 C 42 26 29 47 29 69 C 30 84 39 88 48 88 C 60 87 68 77 64 66 C 58 55 38 59 31 74",
    "M 67 20 C 56 10 34 30 29 58 C 26 77 36 89 50 88 C 67 87 75 68 65 57 C 56 49 42 53 37 64",
  ],
  // 7: plain; with a bar through the stem; with a serif and a bent stem; with a wavy roof
  [
    "M 27 17 L 73 17 C 62 40 52 63 44 88",
    "M 28 17 L 72 16 C 62 40 53 63 46 88 M 40 52 L 69 50",
    "M 28 28 L 28 17 L 72 16 C 58 36 49 61 47 88",
    "M 26 22 C 38 12 50 25 73 16 C 64 35 50 56 42 88",
  ],
  // 8: one stroke, from the upper right; one stroke, from the middle; two rings; narrow, one stroke
  [
    "M 66 23 C 57 9 32 12 34 31 C 36 48 71 51 71 70 C 71 91 29 92 29 70 C 29 52 64 48 67 30 C 68 22 62 15 54 14",
    "M 50 48 C 35 43 30 32 36 22 C 43 9 63 10 66 25 C 68 37 59 44 50 48 C 35 54 25 63 29 75 C 34 91 66 92 71 75 C 74 62 63 53 50 48",
    "M 51 13 C 33 13 31 45 50 46 C 68 46 69 13 50 13 M 50 47 C 24 48 24 88 50 88 C 76 88 76 47 49 47",
    "M 62 22 C 55 9 36 14 38 30 C 41 46 66 53 65 71 C 64 91 34 91 35 71 C 36 54 60 46 62 30 C 63 21 57 14 51 14",
  ],
  // 9: ring and a straight stem; ring and a tail bent to the left; from a large bow; slanted with a small ring
  [
    "M 69 31 C 64 9 33 10 31 34 C 30 56 63 58 69 31 C 69 50 68 68 67 88",
    "M 69 30 C 62 9 32 11 31 34 C 31 55 61 57 69 31 C 71 58 70 87 35 85",
    "M 67 21 C 52 8 30 19 30 37 C 31 56 60 54 68 24 C 69 46 65 70 57 88",
    "M 66 29 C 61 11 38 13 36 32 C 36 50 60 51 66 30 C 66 50 59 70 49 88",
  ],
];

/** Writing styles a digit has. */
export const STYLES = 4;

function parsePath(path: string): Stroke[] {
  const strokes: Stroke[] = [];
  let pieces: Piece[] = [];
  for (const [, command, rest] of path.matchAll(/([MCSL])([^MCSL]*)/g)) {
    const points = rest!.trim().split(/\s+/).map(Number);
    if (command === "M") {
      pieces = [];
      strokes.push({ start: [points[0]!, points[1]!], pieces });
    } else {
      pieces.push({ command: command as Piece["command"], points });
    }
  }
  return strokes;
}

/** The strokes by digit and style. */
export const writing: readonly (readonly (readonly Stroke[])[])[] = PATHS.map((styles) =>
  styles.map(parsePath),
);

/** The most numbers that the strokes of one style have: what is needed to move each of them a little. */
export const MOST_COORDINATES = Math.max(
  ...writing
    .flat()
    .map((strokes) =>
      strokes.reduce(
        (sum, { pieces }) => sum + 2 + pieces.reduce((all, { points }) => all + points.length, 0),
        0,
      ),
    ),
);
