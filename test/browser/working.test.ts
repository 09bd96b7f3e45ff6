// A student at work in the built chapter: runs, edits, stops, solves, comes back.
import { describe, expect, it } from "vitest";
import { BuiltSite } from "./support/built-site.ts";

const site = new BuiltSite();

const open = () => site.workInChapter();

describe("cells", () => {
  it("run all of the chapter without an error", async () => {
    const lesson = await open();
    await lesson.skipPredictions();
    await lesson.button("Run all").click();
    const cells = lesson.page.locator("section[data-cell]");
    const ids = await cells.evaluateAll((sections) =>
      sections.map((section) => section.getAttribute("data-cell")!),
    );
    expect(ids.length).toBeGreaterThan(15);
    for (const id of ids) await lesson.waitFor(id, "ok");
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  }, 180_000);

  it("an edit makes stale what depends on it and nothing else; taking it back un-marks them", async () => {
    const lesson = await open();
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    await lesson.waitFor("local-model", "ok");
    const stale = () =>
      lesson.page
        .locator('[data-cell][data-stale="true"]')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-cell")));
    expect(await stale()).toEqual([]);
    const network = lesson.cell("network");
    await network.locator(".code").first().click();
    await network.getByRole("textbox").waitFor();
    await lesson.page.keyboard.press("ControlOrMeta+End");
    await lesson.page.keyboard.insertText("\nconst further = 1;");
    await lesson.cell("by-machine").and(lesson.page.locator('[data-stale="true"]')).waitFor();
    expect(await stale()).toEqual(["network", "by-machine", "local-model"]);
    await lesson.page.keyboard.press("ControlOrMeta+z");
    await lesson.page.waitForFunction(() => document.querySelector('[data-stale="true"]') === null);
    await lesson.close();
  });

  it("an endless loop is stopped, the page stays free, and the next run works", async () => {
    const lesson = await open();
    await lesson.waitFor("local-model", "ok");
    await lesson.type(lesson.cell("by-machine"), "for (;;) {}");
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("by-machine", "running");
    await lesson.cell("by-machine").getByRole("button", { name: /^Stop/ }).click();
    await lesson.waitFor("by-machine", "stopped");
    await lesson.type(lesson.cell("by-machine"), "loss(tensor([1, 1], double)).item() + 41");
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("by-machine", "ok");
    await expect.poll(() => lesson.cell("by-machine").textContent()).toContain("41");
    await lesson.close();
  });

  it("an error names the line the student typed, and marks it", async () => {
    const lesson = await open();
    await lesson.type(
      lesson.cell("by-machine"),
      "const fine: number = 1;\nconst also = (fine as number) + missing;\n",
    );
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("by-machine", "error");
    const text = await lesson.cell("by-machine").textContent();
    expect(text).toContain("missing is not defined");
    expect(text).toMatch(/line 2, column 33/i);
    await lesson.close();
  });

  it("a copy of a cell can be made, changed and removed", async () => {
    const lesson = await open();
    await lesson.button("Duplicate Cell network").click();
    const copy = lesson.page.getByRole("region", { name: "Cell network, copy 1" });
    await copy.getByRole("button", { name: /^Run/ }).click();
    await expect.poll(() => copy.getAttribute("data-activity")).toBe("ok");
    await copy.getByRole("button", { name: /^Remove/ }).click();
    await copy.waitFor({ state: "detached" });
    await lesson.close();
  });
});

describe("inputs and pictures", () => {
  it("a point dragged over a map runs its live cell again", async () => {
    const lesson = await open();
    await lesson.waitFor("local-model", "ok");
    const model = lesson.cell("local-model");
    await expect.poll(() => model.textContent()).toContain("At (0.000, 0.000) the loss is 1.000");
    const map = model.getByRole("figure", { name: /^Loss of the two-weight network/ });
    const handle = map.getByRole("slider", { name: "point", exact: true });
    // As a hand does it: the pointer is on the handle, at rest, before it presses. What was scrolled to is drawn only then.
    await handle.hover();
    const box = (await handle.boundingBox())!;
    await lesson.page.mouse.down();
    await lesson.page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2 - 40, { steps: 5 });
    await lesson.page.mouse.up();
    await expect.poll(() => model.textContent()).not.toContain("At (0.000, 0.000)");
    await lesson.close();
  });

  it("a slider runs its live cell again, and its value is there after a reload", async () => {
    const lesson = await open();
    await lesson.skipPredictions();
    await lesson.run("split");
    await lesson.waitFor("split", "ok");
    const slider = lesson.cell("split").getByRole("slider", { name: /share g/ });
    await slider.focus();
    const before = await lesson.cell("split").textContent();
    await lesson.page.keyboard.press("ArrowRight");
    await expect.poll(() => lesson.cell("split").textContent()).not.toBe(before);
    await lesson.page.reload();
    await lesson.ready();
    await lesson.run("split");
    await lesson.waitFor("split", "ok");
    await expect
      .poll(() =>
        lesson
          .cell("split")
          .getByRole("slider", { name: /share g/ })
          .getAttribute("aria-valuetext"),
      )
      .toBe("0.6");
    await lesson.close();
  });

  it("every plot has a title, a summary and its data in a table", async () => {
    const lesson = await open();
    await lesson.skipPredictions();
    await lesson.run("walk");
    await lesson.waitFor("walk", "ok");
    const plot = lesson.cell("walk").locator("figure").filter({ hasText: "From the saddle along u" });
    await plot.getByText("Show data").click();
    await plot.getByRole("table").waitFor();
    expect(await plot.getByRole("row").count()).toBeGreaterThan(10);
    await lesson.close();
  });
});

describe("a prediction", () => {
  it("is asked before its cell may run, kept, and shown beside what happened", async () => {
    const lesson = await open();
    const cell = lesson.cell("escape");
    await cell.getByRole("button", { name: "Make your prediction first" }).click();
    const question = lesson.page.locator('[data-prediction="escape-guess"]');
    await question.getByRole("textbox").fill("500");
    await question.getByRole("button", { name: "Keep my prediction" }).click();
    await lesson.run("escape");
    await lesson.waitFor("escape", "ok");
    await expect.poll(() => question.textContent()).toContain("159");
    expect(await question.textContent()).toContain("500");
    await lesson.close();
  });
});

const hessian = "The Hessian of two weights";
const wrongHessian = `export function hess([w1, w2]: [number, number]): number[][] {
  return [[2 * w2 ** 2, 4 * w1 * w2], [4 * w1 * w2, 2 * w1 ** 2]];
}`;
const rightHessian = `export function hess([a, b]: [number, number]): number[][] {
  return [[2 * b * b, 4 * a * b - 2], [4 * a * b - 2, 2 * a * a]];
}`;

describe("an exercise", () => {
  it("answered wrongly brings the feedback for that mistake; answered rightly, the points and the solution", async () => {
    const lesson = await open();
    const exercise = lesson.exercise(hessian);
    await lesson.type(exercise, wrongHessian);
    await exercise.getByRole("button", { name: /^Check answer/ }).click();
    await exercise.getByText("Off the diagonal a term is missing").waitFor();
    expect(await exercise.textContent()).not.toContain("The two diagonal entries have changed places");
    await lesson.type(exercise, rightHessian);
    await exercise.getByRole("button", { name: /^Check answer/ }).click();
    await exercise.and(lesson.page.locator("[data-passed]")).waitFor();
    await exercise.getByRole("button", { name: /Show .*solution/ }).click();
    await exercise.getByText("const mixed = 4 * w1 * w2 - 2").waitFor();
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  });

  it("with an endless loop leaves the other cells running, and its check can be cancelled", async () => {
    const lesson = await open();
    const exercise = lesson.exercise(hessian);
    await lesson.type(exercise, "export function hess() { for (;;) {} }");
    await exercise.getByRole("button", { name: /^Check answer/ }).click();
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    await exercise.getByRole("button", { name: /^Cancel/ }).click();
    await exercise.getByRole("button", { name: /^Check answer/ }).waitFor();
    expect(await exercise.getAttribute("data-passed")).toBeNull();
    await lesson.close();
  });
});

describe("everything typed and earned", () => {
  it("is there after a reload", async () => {
    const lesson = await open();
    await lesson.type(lesson.cell("network"), "const kept = 'every line';\nkept;");
    const exercise = lesson.exercise(hessian);
    await lesson.type(exercise, rightHessian);
    await exercise.getByRole("button", { name: /^Check answer/ }).click();
    await exercise.and(lesson.page.locator("[data-passed]")).waitFor();
    const quiz = lesson.page.locator("form.quiz", { hasText: "the eigenvalues are 0 and 2" });
    await quiz.getByRole("radio", { name: /Undecided/ }).check();
    await quiz.getByRole("button", { name: "Check answer" }).click();
    await quiz.and(lesson.page.locator("[data-correct]")).waitFor();
    const score = lesson.page.getByRole("toolbar", { name: "Lesson" });
    const earned = await score.textContent();
    await lesson.page.reload();
    await lesson.ready();
    await expect.poll(() => lesson.cell("network").textContent()).toContain("every line");
    await exercise.and(lesson.page.locator("[data-passed]")).waitFor({ state: "attached" });
    await quiz.and(lesson.page.locator("[data-correct]")).waitFor({ state: "attached" });
    const points = (text: string | null) => /[\d.]+ of [\d.]+ points/.exec(text ?? "")?.[0];
    expect(points(earned)).toBe("6 of 42 points");
    await expect.poll(async () => points(await score.textContent())).toBe("6 of 42 points");
    await lesson.page.goto(site.course);
    await expect.poll(() => lesson.page.locator("main").textContent()).toMatch(/\d+ of \d+ points|\d+ ?%/);
    await lesson.close();
  });
});

describe("with a keyboard only", () => {
  it("a cell is reached, edited, run and left again", async () => {
    const lesson = await open();
    const { page } = lesson;
    await lesson.cell("network").locator(".code").first().scrollIntoViewIfNeeded();
    await lesson.button("Run Cell network").focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    const editor = lesson.cell("network").getByRole("textbox");
    await expect
      .poll(() => editor.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText("1 + 1");
    await page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("network", "ok");
    await page.keyboard.press("Tab");
    expect(await editor.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await expect
      .poll(() =>
        lesson
          .cell("network")
          .locator(".cell-bar")
          .evaluate((bar) => bar.contains(document.activeElement)),
      )
      .toBe(true);
    await lesson.close();
  });
});
