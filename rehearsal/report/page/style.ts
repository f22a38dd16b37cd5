/** The page's style sheet: warm paper, one accent a group, figures in columns. Colours come in a light, a dark and a printed set. */

export const LIGHT = `--paper:#f7f3ec;--card:#fffdf9;--ink:#27221c;--muted:#6d6459;--line:#e2dacd;--grid:#eee7db;--soft:#f2ece1;
--good:#1d6b4f;--bad:#a8321f;--warn:#8a5a00;--ideal:#e6f0e6;
--r1:#5a534b;--r2:#c2410c;--r3:#0f766e;--r4:#6d3fc0;--r5:#1d5fb8;--r6:#9a6700;--r7:#b01e5f;--r8:#4d7c0f;`;
export const DARK = `--paper:#1b1815;--card:#24201c;--ink:#efe8dd;--muted:#a89d8f;--line:#3b352e;--grid:#302a25;--soft:#2b2621;
--good:#6cc79f;--bad:#ff8a73;--warn:#e0b04d;--ideal:#24352b;
--r1:#b9afa2;--r2:#ff8a4c;--r3:#3fc5b7;--r4:#b79bff;--r5:#7fb2ff;--r6:#e3b341;--r7:#ff86b3;--r8:#a3d65c;`;

const PAGE = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.6 system-ui,-apple-system,"Segoe UI","Apple SD Gothic Neo","Noto Sans KR","Noto Sans CJK KR","Malgun Gothic",sans-serif;font-variant-numeric:tabular-nums}
html[data-lang=ko] [lang=en],html[data-lang=en] [lang=ko]{display:none}
html[data-lang=ko]{word-break:keep-all;overflow-wrap:anywhere}
main,header,footer{max-width:1200px;margin:0 auto;padding:0 24px}
header{display:flex;gap:16px;align-items:baseline;justify-content:space-between;padding-top:26px}
header .brand{color:var(--muted);font-size:13px;letter-spacing:.02em;margin:0}
h1{font-size:15px;font-weight:600;margin:0;color:var(--ink)}
h2{font-size:19px;font-weight:650;letter-spacing:-.01em;margin:0 0 4px;line-height:1.35}
h3{font-size:14px;font-weight:650;margin:0}
p{margin:0}
.lead-in{color:var(--muted);max-width:74ch;margin-bottom:18px}
.langs{display:inline-flex;border:1px solid var(--line);border-radius:8px;overflow:hidden;flex:none}
button{font:inherit;color:inherit;background:none;border:0;cursor:pointer}
.langs button{padding:4px 12px;font-size:13px;color:var(--muted)}
.langs button[aria-pressed=true]{background:var(--ink);color:var(--paper)}
button:focus-visible,summary:focus-visible{outline:2px solid var(--r5);outline-offset:2px}
section{margin-top:48px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px 22px}
.verdict{margin-top:22px;padding:30px 32px 26px}
.verdict .tone{display:inline-block;font-size:12.5px;font-weight:650;padding:2px 10px;border-radius:99px;border:1.5px solid currentColor;margin-bottom:12px}
.tone.better{color:var(--good)}.tone.worse,.tone.invalid,.tone.flawed{color:var(--bad)}.tone.none,.tone.plain,.tone.loads{color:var(--muted)}
.verdict .sentence{font-size:clamp(21px,3vw,31px);line-height:1.38;font-weight:600;letter-spacing:-.015em;max-width:32em;text-wrap:pretty}
.verdict ul{list-style:none;padding:0;margin:16px 0 0;color:var(--muted);max-width:80ch}
.verdict li{padding:2px 0}
.alarms li{color:var(--bad);font-weight:600;padding-left:26px;position:relative}
.alarms li::before{content:"!";position:absolute;left:0;top:5px;width:18px;height:18px;line-height:17px;text-align:center;border:1.5px solid;border-radius:50%;font-size:12px;font-weight:700}
.key{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:4px 6px;margin:18px -8px 0;padding:8px;background:color-mix(in srgb,var(--paper) 92%,transparent);backdrop-filter:blur(6px)}
.key button{display:flex;align-items:center;gap:8px;padding:4px 10px 4px 6px;border-radius:8px;border:1px solid transparent;font-size:13.5px;max-width:100%}
.key button span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.key button:hover{border-color:var(--line)}
.key button[aria-pressed=true]{border-color:var(--ink);background:var(--card)}
svg{display:block;max-width:100%;height:auto;overflow:visible}
svg text{font:12px system-ui,-apple-system,"Segoe UI","Apple SD Gothic Neo","Noto Sans KR","Noto Sans CJK KR","Malgun Gothic",sans-serif;fill:var(--muted);font-variant-numeric:tabular-nums;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.narrow{display:none}
.figure-card svg{margin:0 auto}
.run{--c:var(--r1)}
.r1{--c:var(--r1)}.r2{--c:var(--r2)}.r3{--c:var(--r3)}.r4{--c:var(--r4)}.r5{--c:var(--r5)}.r6{--c:var(--r6)}.r7{--c:var(--r7)}.r8{--c:var(--r8)}
.line{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.line.faint{stroke-width:1;opacity:.35}.line.weak{opacity:.42;stroke-width:1.5}.line.thin{stroke-width:1.4}
.line.attempted{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 3;opacity:.75}
.line.p50{stroke-width:1.2;opacity:.75}.line.p95{stroke-width:1.4;stroke-dasharray:4 3}.line.p99{stroke-width:2.2}
.line.lost{stroke-dasharray:1 4}.line.interval{stroke-width:1.5}.line.bar{stroke-width:2}
svg text.lost{fill:var(--c);font-weight:600}
.mark{fill:var(--c);stroke:var(--card);stroke-width:1.2}
.mark.hollow{fill:var(--card);stroke:var(--c);stroke-width:1.6}
.mark.open{fill:none;stroke:var(--c);stroke-width:2}.mark.open.hollow{stroke-width:1.2}
.median{stroke:var(--c);stroke-width:2;fill:none}
.area{fill:var(--c);opacity:.16}
svg text.name{fill:var(--c);font-weight:650;font-size:12.5px}
svg text.figure,svg tspan.figure{fill:var(--ink);font-weight:400}
svg text.called{fill:var(--ink);font-weight:600}
svg text.endpoint{fill:var(--ink);font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.lead{stroke:var(--c);stroke-width:1;opacity:.45;fill:none}
.grid{stroke:var(--grid)}.base,.tick{stroke:var(--line)}.one{stroke:var(--muted);stroke-width:1}
.noise{fill:var(--soft)}
.promise{stroke:var(--muted);stroke-dasharray:5 4}svg text.promise{stroke:var(--card);stroke-dasharray:none;font-size:11.5px}
.warmup{fill:url(#hatch-warmup)}
.cross{stroke:var(--bad);stroke-width:1.6;fill:none}
.change{fill:var(--ink)}.load{stroke:var(--ink);stroke-width:1.4;fill:none;opacity:.65}
.ideal{fill:var(--ideal)}svg text.ideal{fill:var(--good);font-weight:600}
.kind.k0{fill:var(--bad)}.kind.k1{fill:url(#hatch-1)}.kind.k2{fill:url(#hatch-2)}.kind.k3{fill:url(#hatch-3)}.kind.k4{fill:var(--muted)}
.kind{stroke:var(--bad);stroke-width:.6}
.figures{width:100%;border-collapse:collapse;font-size:14px}
.figures th{font-weight:500;color:var(--muted);font-size:12.5px;text-align:right;padding:0 10px 8px;vertical-align:bottom;line-height:1.3}
.figures td{text-align:right;padding:11px 10px;border-top:1px solid var(--line);vertical-align:top;white-space:nowrap}
.figures th:first-child,.figures td:first-child{text-align:left;padding-left:0;white-space:normal}
.figures td:first-child{min-width:190px}.card+.card{margin-top:18px}.rows .card+.card{margin-top:0}h2+.card{margin-top:12px}
.figures .name{display:flex;gap:8px;align-items:flex-start;font-weight:600;line-height:1.35}
.figures .name svg{flex:none;margin-top:2px}
.figures .of{display:none;color:var(--muted);font-size:12.5px}
.value{font-weight:600}.value.missing{color:var(--muted);font-weight:400}
.range,.delta{display:block;font-size:12px;line-height:1.35;color:var(--muted);font-weight:400}
.delta.better{color:var(--good);font-weight:600}.delta.worse{color:var(--bad);font-weight:600}
.bar-cell svg{margin:4px 0 0 auto}.bar-cell rect{fill:var(--c)}.bar-cell rect.track{fill:var(--soft)}
.checks{list-style:none;padding:0;margin:0;overflow:hidden;display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:0 30px}
.checks li{display:grid;grid-template-columns:26px 1fr;padding:10px 0;margin-top:-1px;border-top:1px solid var(--line);align-content:start}
.checks b{font-weight:600}.checks p{color:var(--muted);font-size:13.5px;line-height:1.5}
.icon{width:18px;height:18px;border-radius:50%;text-align:center;font-size:11.5px;line-height:15px;font-weight:700;border:1.5px solid;margin-top:3px}
.icon.ok{color:var(--good)}.icon.note{color:var(--muted)}.icon.warn{color:var(--warn);border-radius:4px}.icon.stop{color:var(--card);background:var(--bad);border-color:var(--bad);border-radius:4px}
.rows{display:grid;gap:18px}
.counted{display:grid;gap:14px}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(250px,100%),1fr));gap:12px 18px;margin-top:8px}
.panels svg{width:100%}
.panels.large{grid-template-columns:repeat(auto-fill,minmax(min(480px,100%),1fr));gap:22px 26px;margin-top:0}
.panels.large svg{width:auto}
.panels.large figcaption{font-size:14px;font-weight:650;color:var(--ink)}
.sections{display:grid;grid-template-columns:1fr 1fr;gap:0 24px}
.sections section{display:grid;grid-template-rows:auto 1fr auto;min-width:0}
.panels figcaption{font-size:12.5px;color:var(--muted);margin-bottom:2px}
figure{margin:0;min-width:0}
.row-head{display:flex;align-items:center;gap:8px;flex-wrap:wrap}
.row-head .muted{color:var(--muted);font-size:13px}
.swatches{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:13px;color:var(--muted);margin-bottom:14px}
.swatches span{display:inline-flex;gap:7px;align-items:center}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table.plain{border-collapse:collapse;font-size:13px;width:100%}
table.plain th{font-weight:500;color:var(--muted);text-align:left;padding:6px 14px 6px 0;white-space:nowrap;vertical-align:top}
table.plain td{padding:6px 14px 6px 0;border-top:1px solid var(--line);vertical-align:top}
.scroll table.plain td{white-space:nowrap}.scroll table.plain code{white-space:normal;display:inline-block;width:max-content;max-width:46ch}
table.plain .n{text-align:right;white-space:nowrap}
.swatch-name{display:inline-flex;gap:7px;align-items:center;white-space:nowrap}.swatch-name svg{flex:none;max-width:none}
table.plain tr.first td{border-top-color:var(--muted)}
code{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
details{margin-top:16px}summary{cursor:pointer;color:var(--muted);font-size:13.5px}
details>*:not(summary){margin-top:12px}
.method{color:var(--muted);font-size:13.5px;max-width:80ch}.method li{margin:6px 0}
footer{color:var(--muted);font-size:12.5px;padding-top:40px;padding-bottom:50px}
.read-out{position:fixed;z-index:9;pointer-events:none;background:var(--ink);color:var(--paper);font-size:12.5px;line-height:1.5;border-radius:8px;padding:7px 11px;max-width:280px;white-space:pre;left:0;top:0}
.read-out[hidden]{display:none}
.cursor{stroke:var(--muted);stroke-width:1;pointer-events:none}
@media (max-width:1000px){.sections{grid-template-columns:1fr}}
@media (max-width:760px){
main,header,footer{padding-left:16px;padding-right:16px}
body{font-size:15px}section{margin-top:38px}
.card{padding:16px 14px;border-radius:12px}.verdict{padding:22px 18px}
.wide{display:none}.narrow{display:block}
.key{position:static}
.figures thead{display:none}.figures,.figures tbody{display:block}
.figures tr{display:grid;grid-template-columns:repeat(3,1fr);gap:10px 12px;padding:14px 0;border-top:1px solid var(--line)}
.figures tr:first-child{border-top:0;padding-top:0}
.figures td{display:block;border:0;padding:0;text-align:left}
.figures td:first-child{grid-column:1/-1}
.figures td.empty{display:none}
.figures .of{display:block;font-size:11.5px;line-height:1.3}.figures .range{display:none}.figures .name .range{display:block}.figures td{white-space:normal;font-size:13.5px}.bar-cell svg{margin-left:0}
.checks{grid-template-columns:1fr}
}
@media print{
:root{${LIGHT}--paper:#fff;--card:#fff}
body{font-size:11pt}.key{position:static;backdrop-filter:none}.langs,.read-out{display:none}
section{margin-top:26px}.card,.panels figure,.checks li,.rows>div{break-inside:avoid}
h2{break-after:avoid}details{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;

/** Focus on one group dims the others; written out for as many groups as a report may hold. */
export function styleSheet(groups: number): string {
  const focus = Array.from({ length: groups }, (_, i) => `body[data-focus="${i}"] .run:not(.g${i}){opacity:.13}`).join(
    '',
  );
  return PAGE.trim() + focus;
}
