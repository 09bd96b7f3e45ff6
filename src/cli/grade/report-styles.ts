// The look of `report.html`, on a screen and on paper.
export const reportStyles = `
:root { color-scheme: light; --ink: #1b1d22; --soft: #62666f; --line: #d5d8de; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-inline-size: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-block: 2rem .5rem; } h3 { font-size: 1rem; margin-block: 1rem .25rem; }
table { border-collapse: collapse; inline-size: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: start; padding: .25rem .6rem; border-block-end: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; } .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; } .wide { inline-size: 55%; }
.bar, .stack { display: inline-block; block-size: .9rem; vertical-align: middle; } .bar { background: #4c6ef5; min-inline-size: 1px; }
.stack { display: flex; inline-size: 100%; } .stack i { block-size: 100%; }
small { color: var(--soft); } .legend i, .students i { display: inline-block; inline-size: .7rem; block-size: .7rem; margin-inline-end: .3rem; }
.legend span { margin-inline-end: 1rem; white-space: nowrap; }
i.passed { background: #2b8a3e; } i.partial { background: #94d82d; } i.failed { background: #f08c00; } i.error { background: #c92a2a; }
i.timeout { background: #862e9c; } i.memory { background: #5f3dc4; } i.refused { background: #212529; } i.missing { background: #ced4da; }
.attention { border: 2px solid #c92a2a; padding: 0 1rem; } .attention h2 { margin-block-start: 1rem; }
details { border-block-end: 1px solid var(--line); padding-block: .4rem; } summary { cursor: pointer; }
pre { background: #f3f4f6; padding: .5rem .7rem; white-space: pre-wrap; overflow-wrap: anywhere; margin-block: .25rem; font-size: .85rem; }
ul { margin-block: .25rem; padding-inline-start: 1.2rem; } .notice { color: #a61e4d; margin-block: .25rem; }
@media print {
  body { margin: 0; max-inline-size: none; font-size: 11px; } h2, h3, thead { break-after: avoid; } tr, li { break-inside: avoid; }
  i, .bar { print-color-adjust: exact; } details:not([open]) { display: none; }
}
`;
