// The face of the grading room for whoever checks lessons: what only an author's machine does, and no page ever loads.
export {
  type JudgedMutant,
  judgeMutants,
  type Mutant,
  type MutantFate,
  mutantsOf,
} from "./mutants/judge-mutants.ts";
