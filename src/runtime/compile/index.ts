// The cell compiler: TypeScript as the reader typed it in, a `Program` that a kernel can run out.
//
// The contract with the kernel
// ----------------------------
// A kernel runs a program as
//
//     const names = [...imports' locals, ...inputs' names, ...ambient names];       // all different
//     const run = new AsyncFunction(...names, BODY_PREFIX + program.body + "\n//# sourceURL=…");
//     const [value, getters] = await Reflect.apply(run, undefined, values);
//
// - `value` is what the last expression gave, already awaited; `undefined` when the cell ends otherwise.
//   `undefined` is shown as nothing.
// - `getters` has one function for each name of `program.declares`; it is read each time the value is needed
//   (`getters[name]()`), never once and kept, since functions of the cell may change the variable later. A getter
//   does not throw.
// - `program.imports`: `imported` is the export's name, `"default"` or `"*"` (the namespace object). A `from` that
//   starts with "./" is a data file: its value is `data[from]`, `imported` is always `"default"`. A missing
//   export is an error. Imports used only as types are not in the list.
// - `program.ambient`: only the names that the cell reads and does not declare itself.
// - `insertions` count lines and columns from 1 *in the body*, in ascending order. `mapPlace(program, place)` takes
//   a line and column of a V8 or Firefox stack trace of the function above back to what the reader typed; it is
//   `null` for a place that is not the reader's.
// - The body is strict code, without imports, exports, dynamic `import()` and `import.meta`. Names that it neither
//   declares nor is given (`Math`, or a slip of the pen) are looked up among the realm's globals as usual.
import type { CellError, CellPlace } from "../output.ts";
import type { Program } from "../protocol.ts";
import type { MembersRead } from "./members.ts";
import type { CellImport } from "./modules.ts";

export { compileCell } from "./compile.ts";
export { withMembers } from "./members.ts";
export { BODY_PREFIX, FIRST_BODY_LINE, mapPlace } from "./place.ts";
export type { CellImport } from "./modules.ts";
export type { Place } from "./place.ts";

export interface CompileOptions {
  /** Modules a cell may import; `descent` and `descent/lesson` when left out. */
  modules?: readonly string[];
  /** Names in scope without an import, such as a test's `student` and `expect`. */
  ambient?: { module: string; names: readonly string[] };
  /** Names declared by other cells, each with its cell: for the error when the cell assigns to one. */
  declaredElsewhere?: ReadonlyMap<string, string>;
  /** The cell sees no names of other cells. */
  standalone?: boolean;
}

export type CompiledCell =
  | {
      ok: true;
      /** `inputs` is empty: which cell gives a name is the document's to say. */
      program: Program;
      /** Names declared at the top level, imports not among them. */
      declares: string[];
      /** Names read that the cell neither declares nor imports, globals such as `Math` among them. */
      reads: string[];
      /** Where each of them is read first. */
      readPlaces: ReadonlyMap<string, CellPlace>;
      /** Names among `reads` whose objects it may change in place, as far as its code shows. */
      mayChange: string[];
      /** Names among `declares` that are functions, classes or plain constants, which nobody changes. */
      unchanging: string[];
      /** Everything it imports but types; the cells below see these names too. */
      imports: CellImport[];
      /** What it reads of a name that it does not declare. */
      membersOf: MembersRead;
      /** Data files imported, such as `./table.json`. */
      dataImports: string[];
      /** The code without comments, types and layout: cells with equal meanings do the same. */
      meaning: string;
    }
  | {
      ok: false;
      error: CellError;
      declares: string[];
      reads: string[];
      /** Names assigned to but not declared, when that is the error. */
      assigns: string[];
    };
