/** The look of all pages: light, dark, narrow and printed. Colours of text keep a contrast of 4.5 to what is behind. */
export const style = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d5dae0; --link: #0b5cad; --public: #b42318; --unknown: #7a4d00; --closed: #475467; --foreign: #6b21a8; --idle: #57606a; --ok: #1a6b33; --public-fill: #ffe9e7; --unknown-fill: #fff4d6; --closed-fill: #eceff3; --foreign-fill: #f5eaff; --idle-fill: #f0f2f4; --ok-fill: #e3f5e7 }
@media screen and (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #181d24; --text: #e8ebee; --soft: #a3adb8; --line: #353d48; --link: #79b8ff; --public: #ff9c94; --unknown: #f2c75c; --closed: #b8c2cf; --foreign: #d8b4fe; --idle: #a3adb8; --ok: #6fdd8b; --public-fill: #3b1815; --unknown-fill: #35280c; --closed-fill: #262d36; --foreign-fill: #2d1b3f; --idle-fill: #22272e; --ok-fill: #12301b } }
@media print { :root { color-scheme: light; --page: #fff } }
* { box-sizing: border-box }
[hidden] { display: none !important }
body { margin: 0 auto; max-width: 78rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.7rem; line-height: 1.2 }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.2rem }
h3 { margin: 0; font-size: 1rem }
h4 { margin: .25rem 0 .4rem; font-size: .8rem; font-weight: 600; color: var(--soft) }
p { margin: .5rem 0; max-width: 60rem } ul { margin: .5rem 0; padding-left: 1.2rem }
a { color: var(--link) } code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem }
.skip { position: absolute; left: -100vw } .skip:focus { left: 1rem; top: .5rem; padding: .4rem .7rem; background: var(--card); z-index: 1 }
.soft { color: var(--soft) } .small { font-size: .875rem }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0 } .facts dt { font-size: .8rem; color: var(--soft) } .facts dd { margin: 0 }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.5rem 0 0; padding: 0; list-style: none }
.tiles > li { flex: 1 1 10rem; display: grid; padding: .6rem .9rem; border: 1px solid var(--line); border-left: .35rem solid var(--tone, var(--line)); border-radius: .5rem; background: var(--card) }
.tiles b { font-size: 1.6rem; line-height: 1.2; color: var(--tone) } .tiles a { color: var(--tone); font-weight: 600 }
.public { --tone: var(--public); --fill: var(--public-fill) } .unknown { --tone: var(--unknown); --fill: var(--unknown-fill) } .closed { --tone: var(--closed); --fill: var(--closed-fill) } .foreign { --tone: var(--foreign); --fill: var(--foreign-fill) } .idle { --tone: var(--idle); --fill: var(--idle-fill) } .ok, .added { --tone: var(--ok); --fill: var(--ok-fill) } .removed { --tone: var(--public); --fill: var(--public-fill) } .changed { --tone: var(--unknown); --fill: var(--unknown-fill) }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: .35rem; border: 1px solid var(--tone, var(--line)); background: var(--fill, transparent); color: var(--tone, var(--soft)); font-size: .78rem; font-weight: 600; white-space: nowrap }
.card { margin: .6rem 0; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--tone, var(--line)); border-radius: .5rem }
.card > h2 { margin: 0 } .card > p:first-child { margin-top: 0 } .card > p:last-child { margin-bottom: 0 }
summary { cursor: pointer; padding: .1rem 0 } summary::marker { color: var(--soft) } summary h3 { display: inline } summary .badge, summary .small { margin-left: .4rem }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem 2rem; margin-top: .6rem }
table { width: 100%; border-collapse: collapse; font-size: .92rem } caption { text-align: left; color: var(--soft); font-size: .8rem; padding-bottom: .3rem }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--soft) } th, td { padding: .3rem .8rem .3rem 0; vertical-align: top; border-top: 1px solid var(--line) } thead th { border-top: 0 } td:not(:first-child) { overflow-wrap: break-word } tr.removed > * { background: var(--fill) }
.resource { border-top: 1px solid var(--line) } .resource:first-of-type { border-top: 0 } .resource > p { margin: 0; padding: .1rem 0 }
.endpoints { margin: 0 0 .4rem 1.1rem; padding: 0; list-style: none } .endpoints li { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .1rem .7rem; padding: .1rem 0 } .endpoints .methods { color: var(--soft); font-size: .875rem } .endpoints .public { color: var(--tone) }
.tools { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .6rem 0; background: var(--page) }
.tools label { flex: 1 1 16rem; display: flex; gap: .5rem; align-items: center } .tools label > span { font-size: .875rem; color: var(--soft) }
input, select, button { font: inherit; font-size: .92rem; padding: .35rem .6rem; min-height: 2.2rem; color: var(--text); background: var(--card); border: 1px solid var(--soft); border-radius: .4rem } input { flex: 1; min-width: 8rem } button { cursor: pointer }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
.picture { margin: 1.5rem 0 0 } .picture svg { display: block; width: 100%; min-width: 62rem; height: auto } .picture text { fill: var(--text); font: 13px system-ui, -apple-system, "Segoe UI", sans-serif } .picture .head, .picture .about { fill: var(--soft); font-size: 12px } .picture rect { fill: var(--fill, var(--page)); stroke: var(--tone, var(--soft)); stroke-width: 1.2 } .picture path { fill: none; stroke: var(--tone, var(--soft)); stroke-width: 1.3 } .picture path.public { stroke-width: 2 } .picture path.is-added { stroke-width: 2.5 } .picture path.is-removed { stroke-dasharray: 5 5 } .picture .closed rect { stroke-dasharray: 5 4 } .picture .is-added rect, .picture .is-changed rect { stroke-width: 3 } .picture .is-removed rect { stroke-width: 3; stroke-dasharray: 7 5 } .picture .sign { fill: var(--tone); font-weight: 700 }
figcaption { margin-top: .4rem; font-size: .875rem; color: var(--soft) }
.verdict { font-size: 1.15rem; color: var(--tone) } tbody th[scope=row] { min-width: 9rem; font-size: .92rem; color: var(--text) } .text { white-space: pre-line }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft) }
@media (max-width: 48rem) { body { padding: 1rem } .sides { grid-template-columns: minmax(0, 1fr) } .wide thead { position: absolute; left: -100vw } .wide tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line) } .wide td, .wide th { display: block; border: 0; padding: 0 } .wide td[data-head]::before { content: attr(data-head) ": "; color: var(--soft); font-size: .8rem } .tools { position: static } }
@media print { body { padding: 0; max-width: none; font-size: 10pt } .tools, .skip { display: none } .card, .tiles > li, tr, .endpoints li { break-inside: avoid } h2, h3, summary { break-after: avoid } .scroll { overflow: visible } .picture svg { min-width: 0 } .badge, .tiles > li, .picture rect, tr td { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
`;
