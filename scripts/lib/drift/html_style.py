"""How the page of a drift report looks: calm, readable, in light and in dark."""

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #ffffff; --ink: #24272c; --soft: #5c626b; --line: #e3e0d9;
  --code: #f3f1ec; --accent: #2f5d8a;
  --high: #b3261e; --medium: #965200; --low: #7a6a00; --clean: #2f7a52; --failed: #6b5b95;
  --unseen: #c9c5bc; --tint-high: #fbeceb; --tint-medium: #fcf1e3; --tint-low: #f8f4dc;
  --tint-clean: #e8f3ec; --tint-failed: #efecf6; --fill-medium: #d8842b; --fill-low: #cdb442;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --card: #1e2126; --ink: #e6e4df; --soft: #a4a9b2; --line: #343840;
    --code: #272b31; --accent: #8fb8e0;
    --high: #ff8f85; --medium: #f2b263; --low: #d9c95a; --clean: #7fcf9f; --failed: #b9a8e6;
    --unseen: #4a4f58; --tint-high: #38201f; --tint-medium: #362a1b; --tint-low: #302d1a;
    --tint-clean: #1d3026; --tint-failed: #2a2638; --fill-medium: #f2b263; --fill-low: #d9c95a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { max-width: 61rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .35rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .4rem 0; }
.where { color: var(--soft); margin: 0; }
.numbers { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: 1.5rem 0 0;
  list-style: none; }
.numbers li { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: .6rem 1rem; min-width: 6.5rem; }
.numbers b { display: block; font-size: 1.6rem; line-height: 1.2; font-weight: 650; }
.numbers span { color: var(--soft); font-size: .85rem; }
.numbers .zero b { color: var(--soft); font-weight: 400; }
.card, article { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1rem 1.2rem; margin: .9rem 0; overflow-x: auto; }
article { border-left: 5px solid var(--unseen); }
article.high { border-left-color: var(--high); }
article.medium { border-left-color: var(--medium); }
article.low { border-left-color: var(--low); }
article.failed { border-left-color: var(--failed); }
.head { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; }
.tag { border-radius: 99px; padding: .05rem .6rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; }
.tag.high { color: var(--high); background: var(--tint-high); }
.tag.medium { color: var(--medium); background: var(--tint-medium); }
.tag.low { color: var(--low); background: var(--tint-low); }
.tag.clean { color: var(--clean); background: var(--tint-clean); }
.tag.failed { color: var(--failed); background: var(--tint-failed); }
.tag.unseen, .tag.plain { color: var(--soft); background: var(--code); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .7rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: .3rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
code, pre { font: .86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--code); border-radius: 6px; padding: .55rem .8rem; margin: .35rem 0 .8rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; font-size: .88rem; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-top: 1px solid var(--line);
  vertical-align: middle; overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg.bars { width: 100%; height: auto; display: block; }
svg.strip { display: block; }
svg .high { fill: var(--high); } svg .medium { fill: var(--fill-medium); }
svg .low { fill: var(--fill-low); } svg .clean { fill: var(--clean); }
svg .unseen { fill: var(--unseen); }
svg .failed { fill: none; stroke: var(--failed); stroke-width: 1.5; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .tick { fill: var(--soft); font-size: 11px; }
.legend { color: var(--soft); font-size: .85rem; display: flex; flex-wrap: wrap; gap: 1rem;
  margin: .6rem 0 0; padding: 0; list-style: none; }
.legend svg { vertical-align: -2px; margin-right: .35rem; }
.scroll { overflow-x: auto; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media print { body { background: #fff; } article, .card { break-inside: avoid; } }
"""
