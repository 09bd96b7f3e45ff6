import { describe, expect, it } from "vitest";
import { readDataFile } from "../../src/runtime/index.ts";

describe("a data file beside a lesson", () => {
  it("is its value when it is JSON", async () => {
    expect(await readDataFile("./a.json", '{ "loss": [1, 0.5] }')).toEqual({ loss: [1, 0.5] });
  });

  it("is a list of rows when it is CSV, with numbers where a column has only numbers", async () => {
    const text = 'name,loss,seed\r\n"Adam, tuned",0.25,1\r\nSGD,1e-3,\r\n';
    expect(await readDataFile("./runs.csv", text)).toEqual([
      { name: "Adam, tuned", loss: 0.25, seed: 1 },
      { name: "SGD", loss: 0.001, seed: null },
    ]);
  });

  it("keeps a column as text when one of its values is no number", async () => {
    expect(await readDataFile("./a.csv", "id\n1\nb\n")).toEqual([{ id: "1" }, { id: "b" }]);
  });

  it.each([
    ["./a.json", "{", /^\.\/a\.json is not JSON: /],
    ["./a.csv", "", "./a.csv is empty: its first line must name the columns"],
    ["./a.csv", "x,x\n1,2\n", "./a.csv has two columns named “x”"],
    ["./a.csv", "x,y\n1,2\n3\n", "./a.csv, row 2: 1 values where the first line names 2 columns"],
  ])("says what is wrong with a broken %s", async (name, text, message) => {
    await expect(readDataFile(name, text)).rejects.toThrow(message);
  });
});
