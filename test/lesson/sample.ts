// A short lesson with one of each block, for the reader's tests; `sampleWith` breaks one line of it.
export const sample = `---
title: Momentum
summary: A ball that remembers.
objectives:
  - implement momentum
minutes: 30
---

The velocity is $v \\leftarrow \\beta v - \\eta g$, see [below](#the-update).

## The update

\`\`\`predict
id: who-wins
kind: choice
question: Which ball arrives first?
choices:
  - text: The one with momentum.
    correct: true
  - text: The one without.
outcome: Momentum, by far.
\`\`\`

\`\`\`ts name=race live
const winner = "momentum";
winner;
\`\`\`

\`\`\`ts static
const shown = 1;
\`\`\`

> [!DISPUTED]
> Not everybody agrees.

$$
m_t = -\\eta \\sum_i \\lambda^{t-i} g_i
$$

\`\`\`exercise
id: momentum-step
points: 10
objective: implement momentum
\`\`\`

Write *one update*.

\`\`\`ts solution
export function step(w: number, v: number, g: number, lr: number, beta: number) {
  // begin answer
  // starter: return { w, v };
  v = beta * v - lr * g;
  return { w: w + v, v };
  // end answer
}
\`\`\`
\`\`\`ts test points=2 name="without momentum it is gradient descent"
const { w } = await student.step(1, 0, 0.5, 0.1, 0);
expect(w).toBeCloseTo(0.95, 1e-12);
\`\`\`
\`\`\`ts test hidden points=8 cases=50 name="any gradient, any state"
const [w, v, g] = seed.normals(3);
\`\`\`
\`\`\`ts misconception id=uphill
export const step = (w: number, v: number, g: number) => ({ w: w + g, v });
\`\`\`
\`\`\`\`md feedback for=uphill
Your ball rolls uphill: the velocity gains $-\\eta g$.
\`\`\`\`
\`\`\`\`md hint after=2
With $\\beta = 0$ it must be plain gradient descent.
\`\`\`\`

After the exercise.

\`\`\`quiz
id: terminal
kind: choice
points: 2
question: With $\\lambda = 0.9$ and a constant gradient, the step in the long run is
choices:
  - text: $10\\eta g$
    correct: true
  - text: growing for ever
    feedback: Friction caps it.
\`\`\`

\`\`\`quiz
id: prints
kind: trace
points: 1
question: What does this print?
program: |
  let v = 0;
  v = 0.9 * v - 1;
  console.log(v);
answer: "-1"
\`\`\`
`;

/** The sample with one piece of it replaced; throws when the piece is not there, so that no test is empty. */
export function sampleWith(piece: string, replacement: string): string {
  if (!sample.includes(piece)) throw new Error(`the sample has no ${piece}`);
  return sample.replace(piece, () => replacement);
}
