// What a reader does on a lesson page, without the page: cells, predictions, quizzes, exercises.
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/grading/index.ts";
import { cancelCheck } from "../../src/notebook/store/exercise-actions.ts";
import { parseNumber } from "../../src/notebook/store/quiz-model.ts";
import type { NotebookStore } from "../../src/notebook/store/store.ts";
import { exercise as exerciseBlock, lessonText, sampleData, sampleStore, verdict } from "./sample.ts";

const cell = (store: NotebookStore, id: string) => {
  const found = store.cells.get(id);
  if (found === undefined) throw new Error(`no cell ${id}`);
  return found;
};
const double = (store: NotebookStore) => {
  const found = store.exercises.get("double");
  if (found === undefined) throw new Error("no exercise");
  return found;
};
const quiz = (store: NotebookStore, id: string) => {
  const found = store.quizzes.get(id);
  if (found === undefined) throw new Error(`no quiz ${id}`);
  return found;
};

describe("cells", () => {
  it("runs what a cell needs first, and says when it is done", async () => {
    const store = sampleStore();
    await store.run("second");
    expect(cell(store, "first").activity.value).toBe("ok");
    expect(cell(store, "second").state.value.outputs[0]).toMatchObject({ value: { text: "42" } });
    expect(store.announcement.value).toMatch(/^Cell second finished in /);
  });

  it("marks a cell as stale when its input was edited, and un-marks it when the edit is undone", async () => {
    const store = sampleStore();
    await store.run("second");
    const before = cell(store, "first").source.value;
    store.edit("first", "const first = 5;");
    await store.run("first");
    expect(cell(store, "second").state.value.stale).toBe(true);
    store.edit("first", before);
    await store.run("first");
    expect(cell(store, "second").state.value.stale).toBe(false);
  });

  it("resets to the author's text, and takes the reset back", () => {
    const store = sampleStore();
    const author = cell(store, "first").source.value;
    store.edit("first", "mine");
    store.reset("first");
    expect(cell(store, "first").source.value).toBe(author);
    expect(cell(store, "first").edited.value).toBe(false);
    store.undoReset("first");
    expect(cell(store, "first").source.value).toBe("mine");
  });

  it("puts a copy below its original, newest next to what was copied", () => {
    const store = sampleStore();
    const one = store.duplicate("first");
    const two = store.duplicate("first");
    expect(store.copiesOf("first").map((copy) => copy.id)).toEqual([two?.id, one?.id]);
    const order = store.order.value;
    expect(order.slice(order.indexOf("first"), order.indexOf("first") + 3)).toEqual([
      "first",
      two?.id,
      one?.id,
    ]);
    store.removeCopy(two?.id ?? "");
    expect(store.copiesOf("first")).toHaveLength(1);
  });

  it("runs every cell but the answers, and tells of errors and predictions", async () => {
    const store = sampleStore();
    await store.runAll();
    expect(cell(store, "second").activity.value).toBe("ok");
    expect(cell(store, "answer.double").activity.value).toBe("idle");
    expect(store.announcement.value).toBe(
      "2 cells finished, 1 cell with an error, 2 cells wait for your prediction.",
    );
  });

  it("keeps what the reader wrote when the author's text changes, and offers the new one", () => {
    const store = sampleStore();
    store.edit("first", "mine");
    store.update(sampleData(lessonText.replace("20 + 1", "30").replace("first * 2", "first * 3")));
    expect(cell(store, "first").source.value).toBe("mine");
    expect(cell(store, "first").authorMoved.value).toBe(true);
    expect(cell(store, "second").source.value).toBe("first * 3");
    store.keepMine("first");
    expect(cell(store, "first").authorMoved.value).toBe(false);
  });

  it("changes nothing in a tab that only reads", () => {
    const store = sampleStore();
    store.readOnly.value = true;
    store.edit("first", "mine");
    store.draftAnswer("pick", [1]);
    expect(cell(store, "first").edited.value).toBe(false);
    expect(quiz(store, "pick").work.value.draft).toBeNull();
    expect(store.duplicate("first")).toBeNull();
  });

  it("says so when the runtime cannot be loaded, and the cell does not stay waiting", async () => {
    const store = sampleStore({ createSession: () => Promise.reject(new Error("offline")) });
    await store.run("first");
    expect(store.notices.value[0]?.text).toContain("offline");
    expect(cell(store, "first").activity.value).toBe("idle");
  });
});

describe("predictions", () => {
  it("hold back their cell, and the cells that need it", async () => {
    const store = sampleStore();
    await store.run("counted");
    expect(cell(store, "counted").activity.value).toBe("idle");
    await store.run("after");
    expect(cell(store, "counted").activity.value).toBe("idle");
    expect(store.announcement.value.trim()).toBe("Make your prediction first.");
  });

  it("keep the guess and show it beside what happened", async () => {
    const store = sampleStore();
    store.keepGuess("guess");
    expect(store.predictions.get("guess")?.open.value).toBe(true);
    store.draftGuess("guess", 20);
    store.keepGuess("guess");
    await store.run("counted");
    expect(store.predictions.get("guess")?.work.value).toMatchObject({
      guess: 20,
      happened: true,
      outcome: 7,
    });
    store.reopenGuess("guess");
    expect(store.predictions.get("guess")?.work.value.guess).toBe(20);
  });

  it("can be skipped, and asked again before the cell has run", async () => {
    const store = sampleStore();
    store.skipGuess("guess");
    expect(store.gateOf("counted")).toBeNull();
    store.reopenGuess("guess");
    expect(store.gateOf("counted")?.id).toBe("guess");
  });
});

describe("quizzes", () => {
  it("give feedback on a wrong choice, points on a right one, and then are closed", async () => {
    const store = sampleStore();
    store.draftAnswer("pick", [0]);
    await store.answerQuiz("pick");
    expect(quiz(store, "pick").result.value?.feedbackHtml.join("")).toContain("other side");
    expect(quiz(store, "pick").ready.value).toBe(false);
    store.draftAnswer("pick", [1]);
    await store.answerQuiz("pick");
    expect(quiz(store, "pick").work.value).toMatchObject({ correct: true, points: 2, tries: 2 });
    store.draftAnswer("pick", [0]);
    expect(quiz(store, "pick").work.value.draft).toEqual([1]);
    expect(store.score.value).toEqual({ earned: 2, possible: 11, hidden: 6 });
  });

  it("show the answer after a try, and earn nothing more", async () => {
    const store = sampleStore();
    store.giveUpQuiz("pick");
    expect(quiz(store, "pick").closed.value).toBe(false);
    store.draftAnswer("pick", [0]);
    await store.answerQuiz("pick");
    store.giveUpQuiz("pick");
    store.draftAnswer("pick", [1]);
    await store.answerQuiz("pick");
    expect(quiz(store, "pick").work.value.points).toBe(0);
  });

  it("understand numbers as people write them", async () => {
    expect(["0.5", "0,5", "1/2", "−3", "2e-4", ".5"].map(parseNumber)).toEqual([
      0.5, 0.5, 0.5, -3, 2e-4, 0.5,
    ]);
    expect(["", "half", "1/0", "1.2.3"].map(parseNumber)).toEqual([null, null, null, null]);
    const store = sampleStore();
    store.draftAnswer("number", "one");
    expect(quiz(store, "number").ready.value).toBe(false);
    store.draftAnswer("number", "1/2");
    await store.answerQuiz("number");
    expect(quiz(store, "number").work.value.correct).toBe(true);
  });

  it("say so when the answer could not be judged", async () => {
    const store = sampleStore({ answerQuiz: () => Promise.reject(new Error("offline")) });
    store.draftAnswer("pick", [1]);
    await store.answerQuiz("pick");
    expect(quiz(store, "pick").failure.value).toContain("could not be checked");
    expect(quiz(store, "pick").work.value.tries).toBe(0);
  });
});

describe("exercises", () => {
  it("offer hints one after another as attempts fail, and stop at the limit of attempts", async () => {
    const store = sampleStore();
    const exercise = double(store);
    expect(exercise.hintsWaiting.value).toBe(0);
    await store.check("double");
    expect(exercise.hintsWaiting.value).toBe(1);
    store.showHint("double");
    expect(exercise.hintsWaiting.value).toBe(0);
    expect(exercise.failuresUntilHint.value).toBe(1);
    await store.check("double");
    await store.check("double");
    expect(exercise.attemptsLeft.value).toBe(0);
    await store.check("double");
    expect(exercise.work.value.checks).toBe(3);
  });

  it("keep the best points, and say when the verdict is about an older answer", async () => {
    const verdicts = [verdict(4), verdict(0)];
    const store = sampleStore({ checkAnswer: async () => verdicts.shift() ?? verdict(0) });
    await store.check("double");
    store.edit("answer.double", "export const double = () => 0;");
    expect(double(store).verdictIsOld.value).toBe(true);
    await store.check("double");
    expect(double(store).work.value).toMatchObject({ best: 4, passed: true, failed: 1 });
  });

  it("show each test as it finishes", async () => {
    const seen: number[] = [];
    const store = sampleStore({
      checkAnswer: async ({ onTest }) => {
        const result = verdict(4);
        for (const test of result.tests) onTest(test);
        seen.push(double(store).checking.value?.tests.length ?? -1);
        return result;
      },
    });
    await store.check("double");
    expect(seen).toEqual([1]);
    expect(double(store).checking.value).toBeNull();
  });

  it("do not count a check that was cancelled or could not be made", async () => {
    let answered: (verdict: Verdict) => void = () => undefined;
    const answer = new Promise<Verdict>((resolve) => {
      answered = resolve;
    });
    let check: Promise<void> = Promise.resolve();
    const store = await new Promise<NotebookStore>((asked) => {
      const started = sampleStore({
        checkAnswer: async () => {
          asked(started);
          return answer;
        },
      });
      check = started.check("double");
    });
    cancelCheck(store, "double");
    answered(verdict(4));
    await check;
    expect(double(store).work.value.checks).toBe(0);

    const broken = sampleStore({ checkAnswer: () => Promise.reject(new Error("no kernel")) });
    await broken.check("double");
    expect(double(broken).failure.value).toBe("no kernel");
    expect(double(broken).work.value.checks).toBe(0);
  });

  it("fetch tests, hints and feedback when they are first needed, and try again after a failure", async () => {
    let tries = 0;
    const checked: number[] = [];
    const store = sampleStore({
      loadHelp: async () => {
        tries += 1;
        if (tries === 1) throw new Error("offline");
        return { double: exerciseBlock.exercise };
      },
      checkAnswer: async ({ exercise: whole }) => {
        checked.push(whole.tests[0]?.source.length ?? 0);
        return verdict(0);
      },
    });
    expect(tries).toBe(0);
    await store.check("double");
    expect(double(store).failure.value).toBe("offline");
    expect(double(store).work.value.checks).toBe(0);
    await store.check("double");
    await store.check("double");
    expect(checked).toEqual([40, 40]);
    expect(tries).toBe(2);
    expect(double(store).help.value?.hints[0]?.html).toContain("Add it to itself");
  });

  it("give the solution away in two steps, and no points after that", async () => {
    const verdicts = [verdict(0), verdict(4)];
    const store = sampleStore({ checkAnswer: async () => verdicts.shift() ?? verdict(0) });
    await store.check("double");
    await store.revealSolution("double");
    expect(double(store).solution.value.state).toBe("confirm");
    await store.revealSolution("double");
    expect(double(store).solution.value).toMatchObject({ state: "shown" });
    await store.check("double");
    expect(double(store).work.value).toMatchObject({ best: 0, passed: true, gaveUp: true });
  });
});
