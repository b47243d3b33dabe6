/** The look of pages without a script: that of the report. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #16171a); --panel: light-dark(#fff, #1d1f23); --sunken: light-dark(#f4f2ec, #121316);
  --ink: light-dark(#1c1d21, #e9e8e4); --soft: light-dark(#5d5f67, #a2a4ab); --line: light-dark(#e3e0d8, #303238);
  --accent: light-dark(#2450c8, #8fb0ff); --kept: light-dark(#00755f, #3fc7a4); --corrected: light-dark(#8a6000, #e2b84d);
  --dropped: light-dark(#bb4413, #ff9468); --warn: light-dark(#fcefe7, #3a241b); --target: #00a383; --crop: #f08a24;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace;
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Helvetica, Arial, sans-serif;
  font-variant-numeric: tabular-nums; color: var(--ink); background: var(--paper);
}
* { box-sizing: border-box; }
body { overflow-wrap: anywhere; margin: 0 auto; max-width: 1180px; padding: 32px 20px 80px; }
h1, h2, h3, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; }
h1 { font-size: 26px; line-height: 1.2; letter-spacing: -0.015em; }
h2 { font-size: 18px; margin: 44px 0 14px; letter-spacing: -0.005em; }
h3 { font-size: 15px; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.lead { margin-top: 6px; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-top: 24px; }
.tile { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile b { display: block; font-size: 26px; font-weight: 650; letter-spacing: -0.02em; line-height: 1.2; }
.tile span { color: var(--soft); font-size: 13px; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 14px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
.panel h3 { margin-bottom: 10px; }
.bars { display: grid; grid-template-columns: fit-content(55%) minmax(40px, 1fr) max-content; gap: 5px 10px; align-items: center; font-size: 13px; }
.bars .bar { display: flex; height: 12px; border-radius: 3px; overflow: hidden; }
.fill-kept { fill: var(--kept); } .fill-corrected { fill: var(--corrected); } .fill-dropped { fill: var(--dropped); } .fill-plain { fill: var(--accent); }
.legend .kept { background: var(--kept); } .legend .corrected { background: var(--corrected); } .legend .dropped { background: var(--dropped); }
.legend { display: flex; gap: 16px; margin-top: 10px; font-size: 12px; color: var(--soft); }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { padding: 5px 9px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-weight: 550; color: var(--soft); }
tr:last-child td { border-bottom: 0; }
${Array.from({ length: 9 }, (_, level) => `td.heat-${level} { background: color-mix(in srgb, var(--accent) ${level * 5}%, transparent); }`).join('\n')}
article { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; margin-top: 16px; overflow: hidden; }
article > header { padding: 14px 18px 12px; border-bottom: 1px solid var(--line); }
.tag { display: inline-block; font-size: 12px; font-weight: 600; padding: 1px 8px; border-radius: 99px; background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent); margin-right: 6px; }
.question { font-size: 16px; margin-top: 6px; }
.steps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); }
.step { padding: 14px 18px 16px; box-shadow: 1px 1px 0 var(--line); min-width: 0; display: flex; flex-direction: column; gap: 10px; }
.step .name { font-size: 12px; font-weight: 600; color: var(--soft); }
.step p { font-size: 13.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { margin: 0; font: 12px/1.45 var(--mono); background: var(--sunken); border-radius: 6px; padding: 8px 10px; white-space: pre-wrap; overflow-wrap: anywhere; overflow-y: auto; max-height: 220px; }
.error { background: var(--warn); border-radius: 6px; padding: 8px 10px; font-size: 12.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
.answer { font-size: 18px; font-weight: 650; color: var(--kept); }
.picture { display: inline-block; vertical-align: top; position: relative; line-height: 0; max-width: 100%; }
.picture img { width: auto; height: auto; max-width: 100%; max-height: 260px; border: 1px solid var(--line); border-radius: 4px; background: var(--sunken); }
.picture svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.picture rect { fill: none; vector-effect: non-scaling-stroke; stroke-width: 2; }
.picture .target { stroke: var(--target); } .picture .window { stroke: var(--crop); stroke-dasharray: 5 3; }
figcaption { font-size: 12px; color: var(--soft); line-height: 1.4; margin-top: 4px; }
@media (max-width: 640px) { body { padding: 20px 14px 60px; } }
`
