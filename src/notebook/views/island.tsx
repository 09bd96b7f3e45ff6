// Which component an island shows.
import type { Highlights } from "../code/highlights.ts";
import type { NotebookBlock } from "../data.ts";
import type { NotebookStore } from "../store/store.ts";
import { CellIsland } from "./Cell.tsx";
import { ExerciseIsland } from "./Exercise.tsx";
import { PredictIsland } from "./Predict.tsx";
import { QuizIsland } from "./Quiz.tsx";

export type IslandKind = NotebookBlock["kind"];

export interface IslandProps {
  kind: IslandKind;
  id: string;
  store: NotebookStore;
  highlights: Highlights;
}

export function Island({ kind, id, store, highlights }: IslandProps) {
  switch (kind) {
    case "cell":
      return <CellIsland id={id} store={store} highlights={highlights} />;
    case "exercise":
      return <ExerciseIsland id={id} store={store} highlights={highlights} />;
    case "quiz":
      return <QuizIsland id={id} store={store} highlights={highlights} />;
    case "predict":
      return <PredictIsland id={id} store={store} />;
  }
}
