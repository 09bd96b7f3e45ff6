// The document of cells, without any view.
export { Session } from "./session.ts";
export type {
  CellDefinition,
  CellState,
  CellStatus,
  KernelStatus,
  SessionChange,
  SessionOptions,
} from "./types.ts";
