// What the reference knows of a public name of the engine, as its source and its docstring tell it. Plain data.

export type EntryKind = "class" | "function" | "method" | "property" | "value" | "type";

export interface Entry {
  /** What a reader writes, and the anchor on the page: `nn.Linear`, `Tensor.matmul`. */
  path: string;
  /** Other names under which the engine exports the same thing. */
  aliases: string[];
  kind: EntryKind;
  isStatic: boolean;
  /** Ways to call it; what a type, a property or a value is. A class has those of its constructor. */
  signatures: Signature[];
  doc: Docstring;
  /** The docstring of the operation that a method forwards to, where it says more. */
  further: Docstring | null;
  /** The fields of a type. */
  fields: Field[];
  /** The public members of a class that are its own, in the order of the source. */
  members: Entry[];
  /** The class that it extends, if that is public. */
  base: string | null;
  source: SourcePlace;
}

export interface Signature {
  /** On one line, without `function`. */
  text: string;
  parameters: Field[];
  /** The type that is returned; `null` where nothing is. */
  returns: string | null;
}

/** A parameter, an option or a field. */
export interface Field {
  name: string;
  type: string;
  optional: boolean;
  /** The value it has when left out, as the source writes it. */
  initial: string | null;
  /** Its docstring. */
  text: string;
  /** What is inside, where it is an object of options. */
  fields: Field[];
}

export interface Docstring {
  text: string;
  tags: { name: string; text: string }[];
}

export interface SourcePlace {
  /** Relative to the project. */
  file: string;
  line: number;
  /** The code itself; `null` where it would say little or fill pages. */
  code: string | null;
  /** The words of the dividing comment that it stands under. */
  division: string | null;
}

/** Names that are written under one prefix, in the order of their exports; the prefix is "" for the top level. */
export interface Namespace {
  prefix: string;
  /** Of the module, relative to the project. */
  file: string;
  entries: Entry[];
}
