/** The look of the report: light and dark, on screens of any width, and on paper. Nothing is loaded from elsewhere. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --text: #1b2330; --soft: #5b6675; --line: #e3e7ec; --code: #f1f4f8;
  --ok: #17803d; --ok-bg: #e6f5eb; --note: #3a6ea5; --note-bg: #e9f1fa; --warning: #a15c00; --warning-bg: #fdf1dc;
  --critical: #c02626; --critical-bg: #fdeaea; --unknown: #7c3aa8; --unknown-bg: #f4eafb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181e26; --text: #e4e9f0; --soft: #97a3b3; --line: #2a323d; --code: #10151c;
    --ok: #5fcf87; --ok-bg: #12301f; --note: #83b4ea; --note-bg: #14273d; --warning: #efb354; --warning-bg: #35270d;
    --critical: #ff8a86; --critical-bg: #3c1718; --unknown: #cf9df2; --unknown-bg: #2e1b3d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem; }
.ok { --c: var(--ok); --b: var(--ok-bg); } .note { --c: var(--note); --b: var(--note-bg); }
.warning { --c: var(--warning); --b: var(--warning-bg); } .critical { --c: var(--critical); --b: var(--critical-bg); }
.unknown { --c: var(--unknown); --b: var(--unknown-bg); }

header { display: grid; grid-template-columns: auto 1fr; column-gap: 1.25rem; align-items: center; }
.seal { grid-row: 1 / 3; width: 4.25rem; height: 4.25rem; border-radius: 50%; display: grid; place-items: center; font-size: 2rem; font-weight: 700; background: var(--b); color: var(--c); border: 2px solid var(--c); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere; }
.verdict { margin: .15rem 0 0; color: var(--soft); font-size: 1.05rem; }
.verdict strong { color: var(--c); font-weight: 600; }

.facts { display: flex; flex-wrap: wrap; gap: .35rem 2.25rem; margin: 1.5rem 0 0; padding: 0; }
.facts dt { color: var(--soft); font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts div { min-width: 0; }

.chain { display: flex; margin: 1.75rem 0 0; padding: 0; list-style: none; }
.chain li { flex: 1 1 0; min-width: 0; position: relative; background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--c); border-radius: .6rem; padding: .7rem .9rem .8rem; margin-right: 1.6rem; }
.chain li:last-child { margin-right: 0; }
.chain li:not(:last-child)::after { content: "→"; position: absolute; right: -1.35rem; top: 50%; transform: translateY(-50%); color: var(--soft); font-size: 1.05rem; }
.chain b { display: block; color: var(--soft); font-size: .75rem; font-weight: 500; letter-spacing: .06em; text-transform: uppercase; }
.chain b i { font-style: normal; color: var(--c); margin-right: .35em; letter-spacing: 0; }
.chain span { display: block; font-weight: 600; font-size: .95rem; line-height: 1.4; overflow-wrap: anywhere; }

.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.counts li { background: var(--b); color: var(--c); border-radius: 1rem; padding: .15rem .8rem; font-size: .9rem; font-weight: 600; }

.counts a { color: inherit; }
.faults { margin: 1.25rem 0 0; }
.faults ol { margin: 0; padding: 0; list-style: none; }
.faults li { display: flex; gap: .5rem; padding: .1rem 0; }
.faults i { font-style: normal; font-weight: 700; color: var(--c); width: 1rem; text-align: center; }
.faults em { font-style: normal; font-size: .85rem; line-height: 1.75; color: var(--c); width: 4rem; }
.faults a { color: inherit; min-width: 0; overflow-wrap: anywhere; }
.chain em { display: block; font-style: normal; font-size: .8rem; color: var(--c); }

section { margin-top: 2.25rem; }
h2 { margin: 0 0 .6rem; font-size: 1.05rem; display: flex; align-items: baseline; gap: .6rem; }
h2 small { color: var(--soft); font-weight: 400; font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.row { display: grid; grid-template-columns: 5.5rem minmax(9rem, 17rem) 1fr; column-gap: .6rem; padding: .55rem 1rem; border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
.row > i { font-style: normal; font-weight: 600; font-size: .85rem; line-height: 1.75; color: var(--c); white-space: nowrap; }
.row:target { outline: 2px solid var(--c); outline-offset: -2px; }
.row > b { font-weight: 500; overflow-wrap: anywhere; }
.row > div { min-width: 0; overflow-wrap: anywhere; }
.row.bad { background: linear-gradient(to right, var(--b), var(--card) 65%); box-shadow: inset 3px 0 0 var(--c); padding-top: .8rem; padding-bottom: .9rem; }
.row.bad > b { font-weight: 650; }
.value { color: var(--soft); font-variant-numeric: tabular-nums; }
.bad .value { color: var(--text); }
.problem { margin: 0 0 .45rem; color: var(--c); font-weight: 600; }
.problem::first-letter { text-transform: uppercase; }
.hint { margin: .1rem 0 0; color: var(--soft); font-size: .92rem; }
.pair { display: grid; grid-template-columns: 4.6rem 1fr; gap: .1rem .6rem; margin: 0; }
.pair dt { color: var(--soft); font-size: .85rem; line-height: 1.65; }
.pair dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
code { display: block; margin: .3rem 0 0; padding: .4rem .6rem; background: var(--code); border: 1px solid var(--line); border-radius: .4rem; font: .82rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
details > summary { cursor: pointer; padding: .55rem 1rem; color: var(--soft); border-top: 1px solid var(--line); }
details:first-child > summary { border-top: 0; }
details[open] > summary { border-bottom: 1px solid var(--line); }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .85rem; }

@media (max-width: 44rem) {
  main { padding: 1.5rem .9rem 2rem; }
  h1 { font-size: 1.35rem; }
  .seal { width: 3.25rem; height: 3.25rem; font-size: 1.5rem; }
  .chain { flex-direction: column; }
  .chain li { margin: 0 0 1.3rem; }
  .chain li:last-child { margin: 0; }
  .chain li:not(:last-child)::after { content: "↓"; right: auto; left: 1rem; top: auto; bottom: -1.35rem; transform: none; }
  .row { grid-template-columns: 1fr; row-gap: .15rem; }
}
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #ccc; --code: #f6f6f6; --ok: #17803d; --ok-bg: #e6f5eb; --note: #3a6ea5; --note-bg: #e9f1fa; --warning: #a15c00; --warning-bg: #fdf1dc; --critical: #c02626; --critical-bg: #fdeaea; --unknown: #7c3aa8; --unknown-bg: #f4eafb; }
  :root { font-size: 12px; }
  body { font-size: 9pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0 1px; }
  .card { overflow: visible; }
  .row { grid-template-columns: 4.5rem 11rem 1fr; padding-top: .35rem; padding-bottom: .35rem; }
  .row:not(.bad), .chain, header, code, .problem { break-inside: avoid; }
  .problem { break-after: avoid; }
  section { margin-top: 1.4rem; }
  h2 { break-after: avoid; }
}
@page { margin: 14mm; }
`;
