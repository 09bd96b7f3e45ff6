// The bench's own rules: who runs when, what counts as a time, when an aim is met, and what a table shows.
import { describe, expect, it } from "vitest";
import { alternate, median, type Timing, type Work } from "./measure.ts";
import { formatSteps } from "./report.ts";
import { DESCENT, PYTORCH, TENSORFLOW_WASM, rows } from "./rows.ts";

/** Work that claims to take so long a call, and writes down when it ran. */
function pretended(name: string, microseconds: number, diary: string[], units?: number): Work {
  return {
    ...(units === undefined ? {} : { units }),
    run(calls) {
      diary.push(name);
      return calls * microseconds;
    },
  };
}

const timing = (best: number): Timing => ({ best, median: 2 * best, windows: [best, 2 * best, 3 * best] });

describe("measuring", () => {
  it("windows alternate, and each program begins a round in its turn", async () => {
    const diary: string[] = [];
    const works = new Map([
      ["a", pretended("a", 100, diary)],
      ["b", pretended("b", 100, diary)],
      ["c", pretended("c", 100, diary)],
    ]);
    await alternate(works, { seconds: 0.001, rounds: 3 });
    expect(diary.slice(-9).join("")).toBe("abcbcacab");
  });

  it("times are those of one unit of work", async () => {
    const works = new Map([["grid", pretended("grid", 4096, [], 64)]]);
    const timings = await alternate(works, { seconds: 0.01, rounds: 2 });
    expect(timings.get("grid")).toEqual({ best: 64, median: 64, windows: [64, 64] });
  });

  it("a program that needs many windows for one call is measured at least once and then left out", async () => {
    const diary: string[] = [];
    const works = new Map([
      ["slow", pretended("slow", 1e6, diary)],
      ["quick", pretended("quick", 100, diary)],
    ]);
    const timings = await alternate(works, { seconds: 0.01, rounds: 5 });
    expect(timings.get("slow")!.windows).toEqual([1e6]);
    expect(timings.get("quick")!.windows).toHaveLength(5);
  });

  it("the median of an even number of windows lies between the middle two", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe("aims", () => {
  const row = rows.find(({ id }) => id === "a")!;
  const met = (best: [string, number][]) => row.aims.map((aim) => aim.met(new Map(best)));

  it("are met or missed by the best windows", () => {
    expect(
      met([
        [DESCENT, 10],
        [PYTORCH, 140],
        [TENSORFLOW_WASM, 399],
      ]),
    ).toEqual([true, false]);
    expect(
      met([
        [DESCENT, 10],
        [PYTORCH, 139],
        [TENSORFLOW_WASM, 400],
      ]),
    ).toEqual([false, true]);
  });

  it("stay open where there is nothing to compare with", () => {
    expect(
      met([
        [DESCENT, 10],
        [TENSORFLOW_WASM, 400],
      ]),
    ).toEqual([null, true]);
  });

  it("a table shows what is missing as a dash", () => {
    const timings = new Map([
      [DESCENT, timing(10)],
      [TENSORFLOW_WASM, timing(405)],
    ]);
    const result = {
      row,
      timings,
      aims: [
        { text: "≤ PyTorch/14", met: null },
        { text: "≤ TF.js/40", met: true },
      ],
    };
    const line = formatSteps([result]).split("\n")[1]!;
    expect(line).toMatch(
      /10\.0 \(20\.0\) +405 \(810\) +40\.5 +– +– +– +– +≤ PyTorch\/14 –, ≤ TF\.js\/40 met$/,
    );
  });
});
