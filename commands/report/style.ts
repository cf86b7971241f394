/** Colours by their role; the dark ones are lighter, so that they stand out as much. */
const LIGHT = `
  --ink: #16202c; --soft: #5a6776; --line: #e0e5ec; --ground: #f4f6f9; --card: #ffffff; --band: #f7f9fb;
  --secrets: #7a5af0; --node: #2672d9; --bootstrap: #c2620a; --cilium: #13866f; --other: #66758a;
  --mark: #93a0b0; --good: #13866f; --bad: #c92a36; --warn: #a86200; --on: #ffffff;`;
const DARK = `
  --ink: #e6ebf2; --soft: #9aa7b7; --line: #2b3644; --ground: #0e141c; --card: #161f2a; --band: #1a2431;
  --secrets: #a593ff; --node: #6fa8f5; --bootstrap: #f0a04b; --cilium: #4cc3a5; --other: #96a5b8;
  --mark: #5f6f82; --good: #4cc3a5; --bad: #ff7b80; --warn: #f0b04b; --on: #0e141c;`;

const THEME = `:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }`;

const DRAWING = `
.timeline { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
.timeline text { fill: var(--ink); stroke: none; }
.paper { fill: var(--card); }
.band { fill: var(--band); }
.tick { stroke: var(--line); }
.timeline .axis { fill: var(--soft); text-anchor: middle; }
.timeline .axis.first { text-anchor: start; }
.timeline .axis.last { text-anchor: end; }
line.mark { stroke: var(--mark); stroke-dasharray: 3 3; }
.timeline text.mark { fill: var(--soft); paint-order: stroke; stroke: var(--card); stroke-width: 6px; stroke-linejoin: round; }
.timeline .left { text-anchor: end; }
.name { font-weight: 600; }
.lane.secrets { --c: var(--secrets); } .lane.node { --c: var(--node); }
.lane.bootstrap { --c: var(--bootstrap); } .lane.cilium { --c: var(--cilium); } .lane.other { --c: var(--other); }
.bar rect:not(.hatching) { fill: var(--c); }
.bar.gate rect:not(.hatching) { fill: var(--card); stroke: var(--c); }
.stripe { fill: var(--c, var(--soft)); opacity: .45; }
.bar.failed { --c: var(--bad); } .bar.unfinished rect { opacity: .55; }
.timeline .bar .inside { fill: var(--on); font-weight: 500; }
.timeline .bar.gate .inside { fill: var(--ink); }
.timeline .bar .right, .timeline .bar .left { paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.budget .all { fill: var(--line); } .budget .used { fill: var(--good); } .budget.over .used { fill: var(--warn); }
.budget .more { fill: var(--mark); } .budget .end { stroke: var(--warn); stroke-width: 1.5px; }`;

/** Colours and shapes of the timeline, for a drawing that stands alone. */
export const TIMELINE_STYLE = THEME + DRAWING;

/** Everything that the page needs; nothing is loaded. */
export const PAGE_STYLE = `${TIMELINE_STYLE}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 1024px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.1rem; margin: 0 0 14px; }
h3 { font-size: .8rem; margin: 0 0 8px; color: var(--soft); font-weight: 600; }
p { margin: 0; }
.soft { color: var(--soft); font-size: .875rem; }
header { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; margin-bottom: 18px; }
header p { flex-basis: 100%; }
.badge { font-size: .8rem; font-weight: 600; padding: 2px 10px; border-radius: 99px; color: var(--on); background: var(--good); }
.badge.failed { background: var(--bad); } .badge.unfinished { background: var(--warn); }
section, .tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
section { padding: 20px; margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.tiles > div { padding: 14px 16px; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.3; font-weight: 650; }
.gauge { display: block; height: 6px; border-radius: 3px; background: var(--line); margin-top: 8px; overflow: hidden; }
.gauge i { display: block; height: 100%; background: var(--good); border-radius: 3px; min-width: 3px; }
.gauge.over i { background: var(--warn); }
svg.timeline { display: block; width: 100%; height: auto; }
svg.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; padding: 0; margin: 12px 0 0; font-size: .8rem; color: var(--soft); }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; background: var(--c); }
.legend i.gate { background: repeating-linear-gradient(135deg, var(--soft) 0 2px, transparent 2px 5px); border: 1px solid var(--soft); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 26px 36px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
td, th { padding: 5px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
tr:last-child > * { border-bottom: 0; }
td.number { text-align: right; white-space: nowrap; padding-left: 12px; }
td .gauge { margin-top: 4px; } td .gauge i { background: var(--node); }
.nodes { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 8px; margin: 0 0 16px; padding: 0; list-style: none; }
.nodes li { border: 1px solid var(--line); border-left: 4px solid var(--node); border-radius: 6px; padding: 6px 10px; font-size: .875rem; font-weight: 600; }
.nodes.workers li { border-left-color: var(--cilium); }
.nodes small { display: block; font-weight: 400; color: var(--soft); }
.endpoint { border: 1px dashed var(--mark); border-radius: 6px; padding: 8px 12px; margin-bottom: 16px; font-size: .875rem; }
th { color: var(--soft); padding-right: 16px; width: 11em; }
.findings { list-style: none; padding: 0; margin: 0; font-size: .875rem; }
.findings li { border-left: 4px solid var(--warn); padding: 2px 0 2px 12px; margin-top: 12px; white-space: pre-line; }
.findings li.error { border-color: var(--bad); }
footer { margin-top: 18px; }
@media (max-width: 719px) {
  main { padding: 18px 12px 28px; } section { padding: 16px 11px; }
  svg.wide { display: none; } svg.narrow { display: block; max-width: 460px; margin: 0 auto; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; } .tiles b { font-size: 1.2rem; }
}`;
