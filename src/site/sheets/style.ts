// How a printed sheet looks: black on white, tasks and code kept whole where they fit on a page.
export const sheetStyle = `
:root { font: 11pt/1.5 Charter, "Bitstream Charter", Cambria, "Noto Serif", "Liberation Serif", Georgia, serif; color: black; background: white; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { margin: 0.2em 0; font-size: 1.9em; line-height: 1.15; }
h2 { margin: 0 0 0.4em; font-size: 1.25em; line-height: 1.25; break-after: avoid; }
h3 { margin: 1.2em 0 0.4em; font-size: 1em; break-after: avoid; }
p, ul, pre, table, figure, dl { margin: 0.6em 0; }
code, pre { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: 0.86em; font-variant-ligatures: none; }
pre { padding: 0.7em 0.9em; border: 1px solid #999; border-radius: 4px; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; }
img { max-width: 100%; }
a { color: inherit; }
.course, .facts, .objective, .note, figcaption, footer { color: #444; }
.course, .facts { margin: 0; }
.objective { margin-top: 0; font-style: italic; }
.points { font-weight: normal; font-size: 0.85em; color: #444; white-space: nowrap; }
h2 .points { float: right; margin-left: 1em; }
.names { display: flex; gap: 2rem; margin: 1.4rem 0; }
.names p { flex: 1; margin: 0; padding-top: 1.4rem; border-bottom: 1px solid black; font-size: 0.85em; }
.confidential { padding: 0.5em 0.8em; border: 2px solid black; font-weight: bold; }
.task { margin-top: 1.6rem; padding-top: 1rem; border-top: 1px solid #999; }
figure { margin-left: 0; margin-right: 0; }
figure pre { margin-top: 0.3em; }
figcaption { break-after: avoid; }
.feedback, .explanation { padding-left: 0.9em; border-left: 3px solid #999; }
.choices { padding-left: 0; list-style: none; }
.choices li { margin: 0.4em 0; padding-left: 1.7em; text-indent: -1.7em; }
.choices li > * { text-indent: 0; }
.choices li::before { content: "☐"; display: inline-block; width: 1.7em; text-indent: 0; }
.choices li.right::before { content: "☒"; font-weight: bold; }
.answer .choices li.right { font-weight: bold; }
.blank { min-height: 1.6em; width: 16em; border-bottom: 1px solid black; text-align: right; }
.lines { height: 7.5em; border: 1px solid #999; border-radius: 4px; }
.wrong dt { font-weight: bold; }
.wrong dd { margin: 0.2em 0 0.8em; }
table { border-collapse: collapse; }
th, td { padding: 0.25em 1.2em 0.25em 0; text-align: left; border-bottom: 1px solid #bbb; vertical-align: baseline; }
thead th, tfoot > tr > * { border-bottom: 1px solid black; }
.callout { margin: 0.8em 0; padding: 0.1em 0.9em; border-left: 3px solid #666; }
.callout-title { margin-bottom: 0; font-weight: bold; }
.katex { font-size: 1.06em; }
.katex-display { break-inside: avoid; }
.tok-keyword, .tok-typeName, .tok-className { font-weight: bold; }
.tok-comment { font-style: italic; color: #444; }
footer { margin-top: 2rem; padding-top: 0.5rem; border-top: 1px solid #999; font-size: 0.8em; }
@page { margin: 18mm 16mm; }
@media print {
  :root { font-size: 10.5pt; }
  body { max-width: none; margin: 0; padding: 0; }
  .question, .choices, .answer, dt { break-inside: avoid; }
  details > summary { list-style: none; }
}
`;
