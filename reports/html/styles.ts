const LIGHT = `
  --back: #f6f7f9; --sheet: #fff; --ink: #1b1f26; --soft: #5a6472; --line: #d9dee5; --code: #f1f3f6; --link: #1456b8;
  --pass: #12733a; --pass-back: #ddf3e4; --fail: #b3192b; --fail-back: #fde4e6; --error: #7d3cb5; --error-back: #f1e4fb;
  --blocked: #95500a; --blocked-back: #fdeccf; --not-run: #515c6b; --not-run-back: #e6eaef; --not-applicable: #5d6876; --not-applicable-back: #eef1f4;
  --want: #c9efd5; --got: #fbd2d6;`;

const DARK = `
  --back: #14171c; --sheet: #1c2128; --ink: #e6eaf0; --soft: #a0abb9; --line: #363e4a; --code: #15191f; --link: #82b4ff;
  --pass: #6ed694; --pass-back: #16351f; --fail: #ff8f99; --fail-back: #46191f; --error: #d0a5f7; --error-back: #35214a;
  --blocked: #f3b867; --blocked-back: #3f2c11; --not-run: #b3bdca; --not-run-back: #2a313b; --not-applicable: #a3aebc; --not-applicable-back: #242a33;
  --want: #1d4a2c; --got: #5a2229;`;

const BASE = `
* { box-sizing: border-box; }
html { scroll-padding-top: 3.2rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3, h4, h5, p { margin: 0; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .7rem; }
h4 { font-size: .95rem; margin: 1rem 0 .35rem; }
h5 { font-size: .75rem; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); margin: .5rem 0 .25rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .85em; }
code { overflow-wrap: anywhere; }
pre { margin: 0; padding: .6rem .75rem; background: var(--code); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 26rem; overflow: auto; font-size: .8rem; line-height: 1.45; }
pre code { font-size: inherit; }
.quiet { color: var(--soft); font-size: .9rem; }
.count { color: var(--soft); font-weight: 400; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 9; background: var(--sheet); padding: .5rem; }
nav { position: sticky; top: 0; z-index: 5; display: flex; gap: .25rem 1.1rem; align-items: center; padding: .55rem 1.25rem; background: var(--sheet); border-bottom: 1px solid var(--line); overflow-x: auto; white-space: nowrap; font-size: .9rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.brand { font-weight: 700; }
button { font: inherit; font-size: .8rem; color: var(--ink); background: var(--sheet); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .6rem; cursor: pointer; }
nav button { margin-left: auto; }
footer { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem 2rem; color: var(--soft); font-size: .85rem; border-top: 1px solid var(--line); }
summary { cursor: pointer; }
`;

const TOP = `
.top { background: var(--sheet); border: 1px solid var(--line); border-left: 6px solid var(--not-run); border-radius: 10px; padding: 1.25rem 1.4rem; margin-top: .5rem; }
.top.conformant { border-left-color: var(--pass); }
.top.not-conformant { border-left-color: var(--fail); }
.top.not-measured { border-left-color: var(--blocked); }
.verdict { display: flex; gap: 1rem; align-items: center; }
.verdict h1 { font-size: 1.75rem; line-height: 1.2; }
.sign { flex: none; width: 3rem; height: 3rem; display: grid; place-items: center; border-radius: 50%; font-size: 1.5rem; font-weight: 700; background: var(--not-run-back); }
.conformant .sign { background: var(--pass-back); color: var(--pass); }
.not-conformant .sign { background: var(--fail-back); color: var(--fail); }
.not-measured .sign { background: var(--blocked-back); color: var(--blocked); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .6rem 1.5rem; margin: 1.1rem 0 0; }
.facts dt { font-size: .75rem; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.note { margin: .7rem 0 0; padding: .55rem .8rem; border-left: 4px solid var(--link); background: var(--sheet); overflow-wrap: anywhere; border-radius: 0 6px 6px 0; }
.note.warn { border-color: var(--blocked); background: var(--blocked-back); }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; padding: 0; margin: 1rem 0 .5rem; }
.tile { padding: .6rem .9rem; border-radius: 8px; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.none { opacity: .6; }
.pass.tile, .pass.badge { color: var(--pass); background: var(--pass-back); }
.fail.tile, .fail.badge { color: var(--fail); background: var(--fail-back); }
.error.tile, .error.badge { color: var(--error); background: var(--error-back); }
.blocked.tile, .blocked.badge { color: var(--blocked); background: var(--blocked-back); }
.not-run.tile, .not-run.badge { color: var(--not-run); background: var(--not-run-back); }
.not-applicable.tile, .not-applicable.badge { color: var(--not-applicable); background: var(--not-applicable-back); }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .8rem; font-weight: 600; white-space: nowrap; }
.level { display: inline-block; font-size: .75rem; font-weight: 600; letter-spacing: .03em; padding: .05rem .4rem; border: 1px solid var(--line); border-radius: 4px; color: var(--soft); white-space: nowrap; }
.level.must { color: var(--ink); border-color: var(--soft); }
`;

const TABLES = `
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .78rem; color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.num.fail { color: var(--fail); font-weight: 700; }
td.num.error { color: var(--error); font-weight: 700; }
td.num.blocked { color: var(--blocked); font-weight: 700; }
.wide { min-width: 9rem; width: 30%; }
.bar { display: flex; gap: 1px; height: .8rem; margin-top: .35rem; border-radius: 4px; overflow: hidden; background: var(--line); }
.bar i.pass { background: var(--pass); } .bar i.fail { background: var(--fail); } .bar i.error { background: var(--error); }
.bar i.blocked { background: var(--blocked); } .bar i.not-run { background: var(--soft); opacity: .55; } .bar i.not-applicable { background: var(--not-applicable-back); }
.filters { display: flex; flex-wrap: wrap; gap: .7rem 1.2rem; align-items: center; padding: .7rem .9rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; margin-bottom: .8rem; font-size: .88rem; }
.filters fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .2rem .8rem; }
.filters legend { float: left; margin-right: .8rem; padding: 0; color: var(--soft); }
.filters select, .filters input[type=search] { font: inherit; color: inherit; background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .2rem .5rem; }
.filters output { margin-left: auto; color: var(--soft); }
.check { white-space: nowrap; }
.requirements { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; border-collapse: separate; border-spacing: 0; }
.requirements tbody th, .requirements .area { white-space: nowrap; }
.requirements .area { color: var(--soft); }
.requirements .what { width: 70%; }
.more { margin: .5rem 0; }
.more > div { display: grid; grid-template-columns: 7.5rem 1fr; gap: .1rem .8rem; padding: .12rem 0; }
.more dt { color: var(--soft); overflow-wrap: anywhere; } .more dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.cases { margin: 0; padding: 0; list-style: none; } .cases li { padding: .1rem 0; }
#extras ~ .more > div { grid-template-columns: minmax(9rem, 15rem) 1fr; }
.matrix { width: max-content; min-width: 100%; font-size: .82rem; }
.matrix thead th { vertical-align: bottom; padding: .4rem .3rem; text-align: center; }
.matrix thead th:not(:first-child) span { writing-mode: vertical-rl; transform: rotate(180deg); font-weight: 500; white-space: nowrap; }
.matrix thead th:first-child { text-align: left; }
.matrix tr > th:first-child { position: sticky; left: 0; background: var(--sheet); z-index: 1; max-width: 22rem; border-right: 1px solid var(--line); }
.matrix tr.tag th { background: var(--code); color: var(--soft); }
.matrix tr.tag span { position: sticky; left: .7rem; }
.matrix small { display: block; color: var(--soft); font-weight: 400; font-size: .92em; }
.matrix tbody th small { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.matrix td { text-align: center; padding: .25rem .3rem; border-left: 1px solid var(--line); min-width: 3.2rem; }
.matrix .silent th code { color: var(--soft); font-weight: 400; }
.cell { display: inline-block; white-space: nowrap; } .cell small { display: inline; }
.status { display: inline-block; padding: 0 .35rem; border-radius: 4px; font-weight: 600; font-variant-numeric: tabular-nums; background: var(--not-run-back); color: var(--not-run); }
.s2 { background: var(--pass-back); color: var(--pass); } .s4 { background: var(--blocked-back); color: var(--blocked); } .s5, .status.none { background: var(--fail-back); color: var(--fail); }
`;

const ORDERS = `
.order { background: var(--sheet); border: 1px solid var(--line); border-left: 5px solid var(--fail); border-radius: 8px; padding: 1rem 1.2rem; margin-bottom: 1rem; }
.order.blocked { border-left-color: var(--blocked); } .order.error { border-left-color: var(--error); }
.order h3 { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; font-size: 1.05rem; }
.order .text { font-size: 1.05rem; margin: .3rem 0; }
.case { border-top: 1px solid var(--line); margin-top: .9rem; }
.message { margin: .3rem 0; font-weight: 500; overflow-wrap: anywhere; white-space: pre-line; }
.difference { margin: .5rem 0; display: grid; grid-template-columns: 1fr 1fr; gap: 0 .8rem; }
.difference figcaption { grid-column: 1 / -1; font-size: .9rem; color: var(--soft); }
.difference > div, .sides > div { min-width: 0; }
.want, .got { display: block; border-radius: 3px; } .want { background: var(--want); } .got { background: var(--got); }
.exchange { margin: .7rem 0; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: 8px; }
.exchange .line { overflow-wrap: anywhere; }
.path { font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .88em; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .8rem; }
.headers { margin-bottom: .35rem; } .headers summary, .curl summary, .case > details > summary { color: var(--soft); font-size: .9rem; }
.curl { margin-top: .6rem; }
.violations { margin: .2rem 0; font-size: .85rem; } .violations caption { text-align: left; padding: .4rem .7rem; font-weight: 600; }
.exchange .scroll { margin: .5rem 0; }
.copyable { position: relative; margin-top: .3rem; } .copyable pre { padding-right: 5rem; } .copy { position: absolute; top: .4rem; right: .4rem; }
.timeline { list-style: none; margin: .3rem 0; padding: 0; max-height: 30rem; overflow: auto; border-left: 2px solid var(--line); }
.timeline li { display: grid; grid-template-columns: 4.5rem 1fr; gap: .5rem; padding: .15rem 0 .15rem .6rem; align-items: start; }
.timeline time { color: var(--soft); font-size: .8rem; text-align: right; font-variant-numeric: tabular-nums; padding-top: .35rem; } .timeline pre { padding: .3rem .5rem; }
`;

const NARROW = `
@media (max-width: 46rem) {
  main { padding: .75rem .75rem 2rem; } nav { padding: .5rem .75rem; }
  .sides, .difference { grid-template-columns: 1fr; }
  .top { padding: 1rem; } .verdict h1 { font-size: 1.4rem; } .sign { width: 2.4rem; height: 2.4rem; font-size: 1.2rem; }
  .tiles { grid-template-columns: repeat(3, 1fr); } .tile { padding: .4rem .6rem; font-size: .85rem; } .tile b { font-size: 1.2rem; }
  .order { padding: .8rem; } .exchange { padding: .5rem .6rem; }
  .requirements thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .requirements tbody tr:not([hidden]) { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: center; padding: .6rem .7rem; border-bottom: 1px solid var(--line); }
  .requirements tbody td, .requirements tbody th { padding: 0; border: 0; } .requirements .what { order: 9; width: 100%; }
  .requirements tr > td:last-child { margin-left: auto; } .requirements, .requirements tbody { display: block; }
  .more > div, #extras ~ .more > div { grid-template-columns: 1fr; }
  .filters output { margin-left: 0; width: 100%; }
  .matrix tr > th:first-child { max-width: 11rem; } .wide { min-width: 6rem; }
  .timeline li { grid-template-columns: 1fr; } .timeline time { text-align: left; padding: 0; }
}
`;

const PRINT = `
@media print {
  :root, :root[data-theme] { ${LIGHT} --back: #fff; color-scheme: light; }
  body { font-size: 10pt; } nav, .filters, .copy, .skip { display: none; } main { max-width: none; padding: 0; }
  pre, .timeline { max-height: none; overflow: visible; } .scroll { overflow: visible; border: 0; }
  .order { break-inside: auto; } .exchange, .tile, tr { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  .matrix { width: 100%; font-size: 6.5pt; } .matrix tr > th:first-child { position: static; } .matrix td { min-width: 0; padding: 1px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** The style of the page: it follows the system's light or dark, unless the reader chose. */
export const STYLES = `
:root { color-scheme: light dark; ${LIGHT} }
:root[data-theme=light] { color-scheme: light; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${DARK} } }
:root[data-theme=dark] { color-scheme: dark; ${DARK} }
${BASE}${TOP}${TABLES}${ORDERS}${NARROW}${PRINT}`;
