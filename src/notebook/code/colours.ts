// Which parts of code have a colour of their own, for the editor and for static code alike; styles/code.css gives the colours.
// What has the colour of the text has no class: marked up too, names, brackets and operators would be a tenth
// of a page.
import { tagHighlighter, tags } from "@lezer/highlight";

export const codeColours = tagHighlighter([
  { tag: tags.keyword, class: "tok-keyword" },
  { tag: tags.atom, class: "tok-atom" },
  { tag: tags.bool, class: "tok-bool" },
  { tag: tags.string, class: "tok-string" },
  { tag: [tags.regexp, tags.escape, tags.special(tags.string)], class: "tok-string2" },
  { tag: tags.number, class: "tok-number" },
  { tag: tags.literal, class: "tok-literal" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: tags.typeName, class: "tok-typeName" },
  { tag: tags.className, class: "tok-className" },
  { tag: tags.namespace, class: "tok-namespace" },
  { tag: tags.definition(tags.variableName), class: "tok-variableName tok-definition" },
  { tag: tags.definition(tags.propertyName), class: "tok-propertyName tok-definition" },
  { tag: tags.macroName, class: "tok-macroName" },
  { tag: tags.meta, class: "tok-meta" },
  { tag: tags.invalid, class: "tok-invalid" },
]);
