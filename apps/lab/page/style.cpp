#include "style.h"

namespace temper::lab {
const char* const page_colors = R"css(
:root {
  --paper: #fbfaf7; --card: #fff; --ink: #22262a; --muted: #62686e; --line: #e4e0d7;
  --s0: #94979a; --s1: #b36f0c; --s2: #2a6cb6; --s3: #7d4f9e; --s4: #2b8791; --s5: #b54d7b;
  --s6: #2f8a60; --s7: #59636e; --s8: #c63f2e;
  --green: #1d6b47; --green-back: #e3f1e8; --red: #a32f20; --red-back: #fae7e2;
  --amber: #7d5300; --amber-back: #f8edd2; --grey: #50565c; --grey-back: #eceae5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --card: #1c2024; --ink: #e7e4de; --muted: #a1a6ab; --line: #31363b;
    --s0: #868b90; --s1: #e3a545; --s2: #70aaea; --s3: #b892dc; --s4: #68bdc8; --s5: #e38db4;
    --s6: #5fc095; --s7: #a6b0ba; --s8: #f27a68;
    --green: #86d9ae; --green-back: #1b3529; --red: #ff9d8d; --red-back: #42211c;
    --amber: #ecc06a; --amber-back: #3b2f17; --grey: #bdc2c7; --grey-back: #2b3035;
  }
}
)css";
const char* const page_style = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  border-top: 6px solid; border-image:
    linear-gradient(90deg, #d9b45a, #b3772a, #8c4a63, #6b4fa0, #2f6db3, #6fa9c9) 1;
}
main { max-width: 1140px; margin: 0 auto; padding: 0 24px 96px; overflow-wrap: break-word; }
h1, h2, blockquote {
  font-family: ui-serif, "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
  font-weight: 600; line-height: 1.2;
}
h1 { font-size: clamp(32px, 6vw, 54px); letter-spacing: -.015em; margin: 10px 0 20px; }
h2 { font-size: clamp(24px, 3.4vw, 32px); margin: 88px 0 16px; }
h3 { font-size: 17px; margin: 0 0 6px; }
h4 { font-size: 16px; font-weight: 650; margin: 0 0 10px; }
p { max-width: 70ch; margin: 0 0 16px; }
a { color: inherit; text-decoration-color: var(--s0); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
code { font: .92em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.over { margin: 64px 0 0; color: var(--muted); font-size: 14px; letter-spacing: .04em; }
.lead { font-size: clamp(17px, 2vw, 20px); line-height: 1.55; max-width: 64ch; }
.note { background: var(--amber-back); color: var(--amber); padding: 12px 18px; border-radius: 10px; max-width: none; }
.facts { display: flex; flex-wrap: wrap; gap: 18px 48px; margin: 36px 0 0; padding: 0; list-style: none; color: var(--muted); font-size: 14px; }
.facts b { display: block; color: var(--ink); font-size: 30px; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.facts .supported b { color: var(--green); } .facts .reversed b { color: var(--red); } .facts .mixed b { color: var(--amber); }
.pill { display: inline-block; white-space: nowrap; padding: 2px 12px; border-radius: 99px; font-size: 14px; font-weight: 600; background: var(--grey-back); color: var(--grey); }
.pill.supported { background: var(--green-back); color: var(--green); }
.pill.reversed { background: var(--red-back); color: var(--red); }
.pill.mixed { background: var(--amber-back); color: var(--amber); }
.glyph { width: 104px; height: 14px; color: var(--grey); display: block; }
.glyph.supported { color: var(--green); } .glyph.reversed { color: var(--red); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.verdicts { width: 100%; font-size: 15px; line-height: 1.45; }
.verdicts th { text-align: left; font-weight: 500; font-size: 13px; color: var(--muted); padding: 0 20px 8px 0; border-bottom: 1px solid var(--ink); }
.verdicts td { vertical-align: top; padding: 18px 20px 18px 0; border-bottom: 1px solid var(--line); }
.verdicts td:last-child, .verdicts th:last-child { padding-right: 0; }
.verdicts .claim { width: 21%; font-weight: 600; } .verdicts .measured { width: 17%; font-size: 14px; }
.verdicts .effect { width: 24%; }
.verdicts .literature { color: var(--muted); font-size: 14px; }
.verdicts small { color: var(--muted); font-size: 13px; display: block; }
.effect > div { display: grid; grid-template-columns: 104px minmax(90px, 1fr); column-gap: 14px; align-items: center; }
.effect > div + div { margin-top: 10px; }
.effect span { color: var(--muted); font-size: 13px; } .effect b { font-weight: 650; }
.effect small { white-space: nowrap; }
.of { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 6px 24px; margin: 96px 0 18px; padding-top: 28px; border-top: 1px solid var(--line); }
.of h2 { margin: 0; } .of h2::first-letter { text-transform: uppercase; }
blockquote { margin: 0 0 28px; font-size: clamp(19px, 2.4vw, 24px); font-weight: 400; font-style: italic; line-height: 1.4; max-width: 46ch; }
.before { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 24px 40px; margin: 0 0 28px; color: var(--muted); font-size: 15px; }
.before h3, .found h3, .study { color: var(--ink); font: 600 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.before p { margin: 0; } .study { margin: 36px 0 6px; }
.found { border-left: 3px solid var(--s2); padding: 2px 0 2px 20px; margin: 0 0 36px; }
.found p { margin: 0; font-size: 17px; }
figure { margin: 0 0 32px; padding: 24px 28px 20px; background: var(--card); border: 1px solid var(--line); border-radius: 14px; break-inside: avoid; }
.key { display: flex; flex-wrap: wrap; gap: 2px 22px; font-size: 13.5px; color: var(--muted); margin: 0 0 14px; }
.sample { width: 26px; height: 10px; margin-right: 8px; fill: none; }
.panels { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 22px 32px; }
.panel { max-width: 560px; min-width: 0; }
.panel svg { display: block; width: 100%; height: auto; }
.caption { font-size: 14px; font-weight: 600; margin: 0 0 6px; }
figcaption { margin-top: 16px; max-width: 74ch; font-size: 15px; color: var(--muted); }
.made { font-size: 14px; color: var(--muted); display: flex; flex-wrap: wrap; gap: 4px 24px; justify-content: space-between; }
.made code { background: var(--grey-back); color: var(--ink); padding: 3px 9px; border-radius: 6px; }
details { margin: 14px 0 0; } summary { cursor: pointer; font-size: 14px; color: var(--muted); }
summary:hover { color: var(--ink); }
details > .caption { margin-top: 18px; }
.scroll { overflow-x: auto; max-width: 100%; margin: 8px 0 0; }
.numbers { font-size: 13.5px; line-height: 1.4; }
.numbers th { text-align: right; font-weight: 500; color: var(--muted); padding: 4px 14px; border-bottom: 1px solid var(--s0); vertical-align: bottom; }
.numbers td { text-align: right; padding: 4px 14px; border-bottom: 1px solid var(--line); white-space: nowrap; }
.numbers th:first-child, .numbers td:first-child { text-align: left; padding-left: 0; }
.arms th { min-width: 92px; } .arms th:first-child, .arms td:first-child { position: sticky; left: 0; background: var(--paper); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 28px; margin: 0; font-size: 15px; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 72px; color: var(--muted); font-size: 14px; }
@media screen and (max-width: 760px) {
  main { padding: 0 18px 64px; }
  .over { margin-top: 36px; }
  .facts { display: grid; grid-template-columns: 1fr 1fr; gap: 18px; }
  h2 { margin-top: 64px; } .of { margin-top: 64px; }
  .verdicts thead { display: none; }
  .verdicts, .verdicts tbody, .verdicts tr, .verdicts td { display: block; width: auto !important; }
  .verdicts tr { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 16px 18px; margin-bottom: 16px; }
  .verdicts td { border: 0; padding: 0 0 12px; } .verdicts td:last-child { padding: 0; }
  .verdicts td[data-label]::before { content: attr(data-label); display: block; font-size: 12.5px; color: var(--muted); }
  .verdicts .claim { font-size: 17px; }
  figure { padding: 18px 16px 14px; margin-left: -6px; margin-right: -6px; }
  .panels { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: 1fr; gap: 2px; } dd { margin-bottom: 12px; }
}
@media print {
  body { background: none; font-size: 10pt; border-top: 0; } main { max-width: none; padding: 0; }
  h2 { margin-top: 32px; } .of { margin-top: 40px; } .found, .before { break-inside: avoid; }
  .verdicts { font-size: 9pt; } .verdicts td { padding: 8px 10px 8px 0; } .verdicts .claim { width: 34%; }
  .verdicts .measured, .verdicts small, .effect span { font-size: 8pt; }
  .verdicts .literature, .verdicts th:nth-child(4) { display: none; } /* it stands with each claim */
  .glyph { width: 70px; } .effect > div { grid-template-columns: 74px 1fr; column-gap: 8px; }
  .of { break-after: avoid; } .verdicts tr { break-inside: avoid; } details { display: none; }
  .pill, .sample, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";
}  // namespace temper::lab
