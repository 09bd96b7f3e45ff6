// The command that a teacher runs on what a class has handed in.
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { csvParse } from "d3-dsv";
import { afterAll, describe, expect, test } from "vitest";
import { gradeSubmission, parseSubmission } from "../../src/grading/index.ts";
import { grade } from "../../src/cli/grade.ts";
import { readLesson } from "../../src/lesson/index.ts";
import { createIsolatedHost } from "../../src/runtime/node.ts";
import { broken, honest, lessonFolder, submissionOf } from "./grade/class.ts";
import { testHost } from "../grading/support.ts";
import { Desk, KEY, removeFolders, startHost, timeless } from "./grade/support.ts";

afterAll(removeFolders);

const answerOf = (name: string): string => honest.find((kind) => kind.name === name)!.answer;
const right = answerOf("right");
const wrong = answerOf("wrong");
const limit = { timeout: 120_000 };

describe("a class of honest students", () => {
  const files = Object.fromEntries(
    honest.map(({ name, answer }) => [`${name}.descent.json`, submissionOf(name, answer)]),
  );

  test(
    "everybody gets the points that are due, in the report, the gradebook and the page",
    limit,
    async () => {
      const desk = await Desk.set(files);
      const { code, lines } = await desk.run();
      expect(code).toBe(0);
      expect(lines.join("\n")).toContain(`${honest.length} students`);
      const report = await desk.report();
      for (const { name, points, statuses, feedback = [] } of honest) {
        const student = report.students.find((one) => one.student === name)!;
        const [mean, double] = student.exercises;
        expect({ name, points: mean!.points, feedback: mean!.feedback }).toEqual({ name, points, feedback });
        expect(statuses).toContain(mean!.status);
        expect(double!.points).toBe(4);
        expect(student.quizzes).toEqual([
          { quiz: "order", points: 1, maxPoints: 1, answered: true, correct: true },
        ]);
        expect(student.points).toBe(points + 5);
        expect(student.maxPoints).toBe(11);
      }
      const rows = csvParse(await desk.read("out", "grades.csv"));
      expect(rows.columns).toEqual(["student", "mean", "double", "order", "total", "max", "note"]);
      expect(rows.map(({ student, mean, total }) => [student, Number(mean), Number(total)])).toEqual(
        honest.map(({ name, points }) => [name, points, points + 5]).sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
      );
      const page = await desk.read("out", "report.html");
      expect(page).toContain("forgets-to-divide");
      expect(page).not.toMatch(/<script|<link|https?:\/\//);
      for (const { name } of honest) expect(page).toContain(name);
    },
  );

  test(
    "the same class judged in this process, by another version of V8, has the same report",
    limit,
    async () => {
      const desk = await Desk.set(files);
      await desk.run();
      const report = await desk.report();
      const source = await readFile(fileURLToPath(new URL(`${lessonFolder.href}/lesson.md`)), "utf8");
      const { lesson } = readLesson(source, { id: "averages", file: "lesson.md" });
      const host = testHost();
      for (const student of report.students) {
        const parsed = parseSubmission(files[`${student.student}.descent.json`]!);
        if (!parsed.ok) throw new Error(parsed.problems.join());
        const here = await gradeSubmission({
          lesson: lesson!,
          submission: parsed.submission,
          student: student.student,
          key: KEY,
          host,
        });
        const there = { exercises: student.exercises, quizzes: student.quizzes, notices: student.notices };
        expect(timelessVerdicts(there)).toBe(timelessVerdicts(here));
      }
      host.dispose();
    },
  );

  test("a second run judges nothing again, and a third one all, with the same report", limit, async () => {
    const desk = await Desk.set(files);
    await desk.run();
    const first = await desk.report();
    const second = await desk.run();
    expect(second.lines.join("\n")).toContain(`${honest.length} of them in an earlier run`);
    expect(await desk.report()).toEqual(first);
    const third = await desk.run(["--again"]);
    expect(third.lines.join("\n")).not.toContain("earlier run");
    expect(timeless(await desk.report())).toBe(timeless(first));
  });
});

function timelessVerdicts(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (key === "durationMs" ? 0 : part));
}

describe("files that get no verdict", () => {
  test("they are named with what is wrong, and everybody else is judged", limit, async () => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", right), ...broken });
    await symlink("/etc/passwd", desk.path("work", "link.descent.json"));
    const { code, complaints } = await desk.run();
    expect(code).toBe(2);
    const report = await desk.report();
    expect(report.students.map(({ student }) => student)).toEqual(["s1"]);
    const names = [...Object.keys(broken), "link.descent.json"].sort();
    expect(report.unjudged.map(({ file }) => file)).toEqual(names);
    for (const name of names) expect(complaints.join("\n")).toContain(`${name}: not judged: `);
    const why = (name: string) =>
      report.unjudged.find(({ file }) => file === `${name}.descent.json`)!.problems.join();
    expect(why("other-lesson")).toBe("it is work on the lesson “momentum”, not on “averages”");
    expect(why("huge")).toBe("it is larger than 5 MB");
    expect(why("link")).toBe("it is a link, or no file at all");
    expect(why("answers-of-numbers")).toContain("answers.mean");
  });

  test("what a name holds cannot command the terminal", limit, async () => {
    const desk = await Desk.set({
      "s1.descent.json": submissionOf("s1", right),
      "\u001b[2Jx.descent.json": "",
    });
    const { complaints } = await desk.run();
    expect(complaints.join("")).not.toContain("\u001b");
  });
});

describe("who a submission is from", () => {
  test(
    "of several files of a student the one exported last counts, and the others are named",
    limit,
    async () => {
      const at = (exportedAt: string) => ({ exportedAt });
      const desk = await Desk.set({
        "b/early.descent.json": submissionOf("s1", right, at("2026-11-20T08:00:00Z")),
        "late.descent.json": submissionOf(" s1 ", wrong, at("2026-11-20T09:00:00+00:30")),
        "a/middle.descent.json": submissionOf("s1", right, at("2026-11-20T08:10:00Z")),
      });
      const { code, lines } = await desk.run();
      expect(code).toBe(0);
      const report = await desk.report();
      expect(report.students).toHaveLength(1);
      expect(report.students[0]).toMatchObject({ file: "late.descent.json", points: 5 });
      expect(report.superseded.map(({ file }) => file)).toEqual([
        "a/middle.descent.json",
        "b/early.descent.json",
      ]);
      expect(lines.join("\n")).toContain(
        "b/early.descent.json: does not count, late.descent.json of s1 is later.",
      );
    },
  );

  test("without a name the file's name stands for the student", limit, async () => {
    const desk = await Desk.set({ "anna.descent.json": submissionOf("", right) });
    await desk.run();
    const [student] = (await desk.report()).students;
    expect(student).toMatchObject({ student: "anna", points: 11 });
    expect(student!.notices.join()).toContain("names no student");
  });

  test("names that a spreadsheet would compute, or a program trip over, do no harm", limit, async () => {
    const names = ['=HYPERLINK("http://x")', "+1", "@cmd", "-2", "__proto__", 'a,"b"', "<b>bold</b>", "漢字"];
    const desk = await Desk.set(
      Object.fromEntries(names.map((name, index) => [`${index}.descent.json`, submissionOf(name, right)])),
    );
    expect((await desk.run()).code).toBe(0);
    const rows = csvParse(await desk.read("out", "grades.csv"));
    expect(rows.map(({ student }) => student!.replace(/^'/, "")).sort()).toEqual([...names].sort());
    for (const { student, total } of rows) {
      expect(student).not.toMatch(/^[=+\-@]/);
      expect(total).toBe("11");
    }
    expect(await desk.read("out", "report.html")).toContain("&lt;b&gt;bold&lt;/b&gt;");
  });

  test("work on another version is judged by the present one, and that is said", limit, async () => {
    const desk = await Desk.set({
      "s1.descent.json": submissionOf("s1", right, {
        lessonVersion: "old",
        answers: { mean: right, gone: "1" },
        quizzes: { order: "first", extra: 3 },
      }),
    });
    await desk.run();
    const [student] = (await desk.report()).students;
    expect(student!.points).toBe(6);
    expect(student!.notices).toEqual([
      "The work was done on another version of the lesson and judged by the present one.",
      "The lesson has nothing for the answers to “gone”, “extra”.",
    ]);
  });
});

describe("the course's key", () => {
  const files = {
    "s1.descent.json": submissionOf("s1", right),
    "s2.descent.json": submissionOf("s2", right),
  };
  const seeds = async (desk: Desk, out = "out") =>
    (await desk.report(out)).students.flatMap(({ exercises }) => exercises.map(({ seed }) => seed));

  test("each student has cases of their own, the same at every run with the same key", limit, async () => {
    const desk = await Desk.set(files);
    await desk.run();
    await desk.run(["--out", "other"]);
    await writeFile(desk.path("second.txt"), "another");
    await desk.run(["--out", "third", "--key", "second.txt"]);
    const first = await seeds(desk);
    expect(new Set(first).size).toBe(4);
    expect(await seeds(desk, "other")).toEqual(first);
    const third = await seeds(desk, "third");
    expect(third.some((seed) => first.includes(seed))).toBe(false);
    expect(await desk.read("out", "report.json")).not.toContain(KEY);
  });

  test("without one a key is made, kept and used again", limit, async () => {
    const desk = await Desk.set(files);
    const args = ["--lesson", fileURLToPath(lessonFolder), "--submissions", "work", "--out", "out"];
    const complaints: string[] = [];
    const terminal = {
      folder: desk.folder,
      print: () => {},
      complain: (line: string) => void complaints.push(line),
    };
    expect(await grade(args, terminal, { startHost })).toBe(0);
    expect(complaints.join()).toContain("course.key");
    const first = await seeds(desk);
    const told = complaints.length;
    expect(await grade([...args, "--again"], terminal, { startHost })).toBe(0);
    expect(complaints).toHaveLength(told);
    expect(await seeds(desk)).toEqual(first);
  });
});

describe("points given by hand", () => {
  test("they count, also without a submission, and their file is never written over", limit, async () => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", wrong) });
    await desk.run();
    expect(await desk.read("out", "overrides.csv")).toBe("student,task,points,reason\n");
    const text = 'student,task,points,reason\ns1,mean,3.5,"asked, and knew it"\nill,order,1,excused\n';
    await writeFile(desk.path("out", "overrides.csv"), text);
    const { code } = await desk.run();
    expect(code).toBe(0);
    expect(await desk.read("out", "overrides.csv")).toBe(text);
    const report = await desk.report();
    expect(report.students.map(({ student, points }) => [student, points])).toEqual([
      ["ill", 1],
      ["s1", 8.5],
    ]);
    expect(report.students[1]!.exercises[0]!.points).toBe(0);
    const rows = csvParse(await desk.read("out", "grades.csv"));
    expect(rows[1]).toMatchObject({ mean: "3.5", total: "8.5" });
    expect(rows[1]!["note"]).toContain("mean set by hand (asked, and knew it)");
  });

  test.each([
    ["s1,means,3,", "line 2: the lesson has no task “means” — write one of: mean, double, order"],
    ["s1,mean,lots,", "line 2: “lots” is not a number of points — write, say, 6"],
    ["s1,mean,7,", "line 2: 7 points are more than the 6 that “mean” is worth"],
    ["s1,mean,1,\ns1,mean,2,", "line 3: line 2 already sets “mean” of “s1” — keep one of them"],
    [",mean,1,", "line 2: no student is named"],
  ])("%j is refused before anything is judged", limit, async (rows, message) => {
    const desk = await Desk.set({
      "s1.descent.json": submissionOf("s1", wrong),
    });
    await mkdir(desk.path("out"));
    await writeFile(desk.path("out", "overrides.csv"), `student,task,points,reason\n${rows}\n`);
    const { code, complaints } = await desk.run();
    expect(code).toBe(1);
    expect(complaints.join("\n")).toBe(`out/overrides.csv, ${message}`);
    expect(await readdir(desk.path("out"))).toEqual(["overrides.csv"]);
  });
});

describe("grading again", () => {
  test("what changes is shown for each student, and written only once accepted", limit, async () => {
    const desk = await Desk.set({
      "s1.descent.json": submissionOf("s1", wrong),
      "s2.descent.json": submissionOf("s2", right),
      "s3.descent.json": submissionOf("s3", right),
    });
    await desk.run();
    const before = await desk.read("out", "report.json");
    await writeFile(desk.path("work", "s1.descent.json"), submissionOf("s1", right));
    await writeFile(desk.path("work", "s3.descent.json"), submissionOf("s3", "", { answers: {} }));
    await writeFile(desk.path("work", "s4.descent.json"), submissionOf("s4", right));
    const regrade = ["--regrade", "out/report.json"];
    const shown = await desk.run(regrade);
    expect(shown.code).toBe(0);
    expect(shown.lines).toEqual(
      expect.arrayContaining([
        "s1: 5 → 11 (mean 0 failed → 6 passed)",
        "s3: 11 → 1 (mean 6 passed → 0 missing, double 4 passed → 0 missing)",
        "s4: no report → 11 (mean — → 6 passed, double — → 4 passed, order — → 1 passed)",
      ]),
    );
    expect(shown.lines.join("\n")).not.toContain("s2:");
    expect(await desk.read("out", "report.json")).toBe(before);

    expect((await desk.run(regrade, { ask: () => Promise.resolve(false) })).code).toBe(0);
    expect(await desk.read("out", "report.json")).toBe(before);

    await desk.run(regrade, { ask: () => Promise.resolve(true) });
    expect((await desk.report()).students.map(({ points }) => points)).toEqual([11, 11, 1, 11]);
    const again = await desk.run([...regrade, "--json"]);
    expect(JSON.parse(again.lines.join("\n"))).toMatchObject({ changes: [], written: true });
  });
});

describe("a lesson with hidden tests in a file of their own", () => {
  test("those tests count, and a change of theirs has all judged anew", limit, async () => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", right) });
    await cp(fileURLToPath(lessonFolder), desk.path("averages"), { recursive: true });
    const text = await desk.read("averages", "lesson.md");
    expect(text).toContain("title: Twice\npoints: 4");
    await writeFile(
      desk.path("averages", "lesson.md"),
      text.replace("title: Twice\npoints: 4", "title: Twice\npoints: 7"),
    );
    const hidden = (expected: number) =>
      `\`\`\`exercise\nid: double\n\`\`\`\n\`\`\`ts test hidden points=3 name="of four"\nexpect(await student.double(4)).toBe(${expected});\n\`\`\`\n`;
    await writeFile(desk.path("averages", "lesson.hidden.md"), hidden(8));
    const ran = await desk.run(["--lesson", "averages"]);
    expect(ran.complaints.join("\n")).toBe("");
    expect((await desk.report()).students[0]).toMatchObject({ points: 14, maxPoints: 14 });
    await writeFile(desk.path("averages", "lesson.hidden.md"), hidden(9));
    await desk.run(["--lesson", "averages"]);
    const [student] = (await desk.report()).students;
    expect(student).toMatchObject({ points: 11, maxPoints: 14 });
    const test = student!.exercises[1]!.tests.find(({ name }) => name === "of four");
    expect(test).toMatchObject({ hidden: true, passed: false, message: null });
  });
});

describe("wrong usage ends with 1 and says what to write", () => {
  test.each([
    [[], "Which lesson?"],
    [["--lesson", "x"], "Where are the submissions?"],
    [["--lesson", "x", "--submissions", "y"], "Where should the grades go?"],
    [["--lesson", "x", "--submissions", "y", "--out", "z", "--jobs", "none"], "--jobs must be a number"],
    [["--lesson", "x", "--submissions", "y", "--out", "z", "--memory", "1"], "--memory must be megabytes"],
    [["--lesson", "x", "--submissions", "y", "--out", "z"], "There is no lesson in"],
    [["--nonsense"], "Unknown option"],
    [["extra"], "Unexpected argument"],
  ])("%j", async (args, message) => {
    const complaints: string[] = [];
    const terminal = {
      folder: "/",
      print: () => {},
      complain: (line: string) => void complaints.push(line),
    };
    expect(await grade(args, terminal)).toBe(1);
    expect(complaints.join("\n")).toContain(message);
  });

  test.each([
    [["--submissions", "nowhere"], "The folder of submissions nowhere cannot be read: it does not exist."],
    [["--submissions", "empty"], "There are no submissions in empty: their names end in .descent.json."],
    [["--key", "nokey.txt"], "There is no key of the course at"],
    [["--regrade", "nothing.json"], "There is no report at"],
    [["--regrade", "key.txt"], "is no report of this command"],
  ])("%j", async (args, message) => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", right) });
    await mkdir(desk.path("empty"));
    const { code, complaints } = await desk.run(args);
    expect(code).toBe(1);
    expect(complaints.join("\n")).toContain(message);
  });

  test("with --require-sandbox it refuses to run without bubblewrap", async () => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", right) });
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const refused = await desk.run(["--require-sandbox"], { startHost: createIsolatedHost });
      expect(refused.code).toBe(1);
      expect(refused.complaints.join("\n")).toContain("bubblewrap does not work here");
      const warned = await desk.run([], { startHost: createIsolatedHost });
      expect(warned.code).toBe(0);
      expect(warned.complaints.join("\n")).toContain("Isolation: Deno without permissions alone");
      expect((await desk.report()).isolation).toBe("deno");
    } finally {
      process.env["PATH"] = path;
    }
  });
});

describe("a run that is stopped", () => {
  test(
    "ends at once, keeps what was judged, and the next one goes on to the same report",
    limit,
    async () => {
      const files = Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [
          `s${i}.descent.json`,
          submissionOf(`s${i}`, i % 3 ? right : wrong),
        ]),
      );
      const whole = await Desk.set(files);
      await whole.run();
      const desk = await Desk.set(files);
      const stop = new AbortController();
      const results = desk.path("out", "results");
      let judged = 0;
      const stopped = await desk.run(["--jobs", "2"], {
        signal: stop.signal,
        startHost: async (options) => {
          const host = await startHost(options);
          return {
            ...host,
            isolation: host.isolation,
            dispose: () => host.dispose(),
            start: async (kernelOptions) => {
              judged += 1;
              if (judged === 20) stop.abort(new Error("Stopped."));
              return host.start(kernelOptions);
            },
          };
        },
      });
      expect(stopped.code).toBe(130);
      expect(stopped.complaints.join("\n")).toContain("the same command goes on from there");
      const kept = await readdir(results);
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(12);
      expect(kept.every((name) => name.endsWith(".json"))).toBe(true);
      expect(await readdir(desk.path("out"))).not.toContain("report.json");
      const resumed = await desk.run();
      expect(resumed.code).toBe(0);
      expect(resumed.lines.join("\n")).toContain(`${kept.length} of them in an earlier run`);
      expect(timeless(await desk.report())).toBe(timeless(await whole.report()));
    },
  );

  test("a kept verdict that was damaged is judged anew", limit, async () => {
    const desk = await Desk.set({ "s1.descent.json": submissionOf("s1", right) });
    await desk.run();
    const [name] = await readdir(desk.path("out", "results"));
    await writeFile(desk.path("out", "results", name!), "{");
    const again = await desk.run();
    expect(again.code).toBe(0);
    expect(again.lines.join("\n")).not.toContain("earlier run");
  });
});
