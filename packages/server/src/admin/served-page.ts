// Written by packages/server/test/admin-page.ts, of what is in ./page/: change that, and run this.

/** The page, whole: nothing else is fetched but the stream. */
export const PAGE: string = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>Streams</title>
<link
rel="icon"
href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' fill='none' stroke-width='5' stroke-linecap='round'%3E%3Ccircle cx='24' cy='19' r='11' stroke='%235f8791'/%3E%3Cpath stroke='%230f93a8' d='M2 41c5.5-5 9.2-5 14.7 0s9.2 5 14.6 0 9.2-5 14.7 0'/%3E%3C/svg%3E"
/>
<style>:root { color-scheme: light dark; --ground: light-dark(#eaf0f0, #091214); --panel: light-dark(#fbfdfc, #101c1f); --edge: light-dark(#d3dedf, #21343a); --well: light-dark(#f0f5f4, #16262a); --ink: light-dark(#10292f, #dfeaea); --soft: light-dark(#4c656b, #93abb0); --water: light-dark(#0b7285, #4cc3d4); --good: light-dark(#14693f, #5fd394); --warn: light-dark(#8a5a00, #f0b950); --bad: light-dark(#a8322a, #ff8f80); --button: light-dark(#ffffff, #1a2c31); --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, monospace; } *, *::before, *::after { box-sizing: border-box; } body { margin: 0 auto; max-width: 90rem; padding: clamp(0.75rem, 2.5vw, 2rem); background: var(--ground); color: var(--ink); font: 0.875rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; } h1, h2, p, dl, dd { margin: 0; } header { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin-bottom: 1rem; } h1 { font-size: 1.375rem; letter-spacing: -0.015em; } .light::before { content: ''; display: inline-block; width: 0.625rem; height: 0.625rem; margin-right: 0.375rem; border-radius: 50%; background: var(--soft); } .light[data-state='live'] { color: var(--good); } .light[data-state='live']::before { background: var(--good); } .light[data-state='lost'] { color: var(--bad); } .light[data-state='lost']::before { background: var(--bad); } .tools { display: flex; gap: 0.75rem; align-items: center; margin-left: auto; } a { color: var(--water); } button { font: inherit; color: inherit; padding: 0.3rem 0.75rem; border: 1px solid var(--edge); border-radius: 6px; background: var(--button); cursor: pointer; } button:disabled { color: var(--soft); background: none; cursor: default; } :focus-visible { outline: 2px solid var(--water); outline-offset: 2px; } .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin-bottom: 1rem; } .figure, .sheet { background: var(--panel); border: 1px solid var(--edge); border-radius: 10px; } .figure { position: relative; padding: 0.75rem 0.875rem; overflow: hidden; } .figure[hidden] { display: none; } dt { color: var(--soft); } [data-figure] { font-size: 1.5rem; font-weight: 650; letter-spacing: -0.02em; line-height: 1.25; } [data-figure='provider'][data-status='ready'] { color: var(--good); } [data-figure='provider'][data-status='away'] { color: var(--bad); } [data-figure='dropped'][data-some], .some { color: var(--warn); } .remark { color: var(--soft); font-size: 0.8125rem; overflow-wrap: anywhere; } .trace { position: absolute; top: 0.75rem; right: 0.875rem; width: 3.5rem; height: 1.25rem; } .trace svg { display: block; width: 100%; height: 100%; overflow: visible; } .trace polyline { fill: none; stroke: var(--water); stroke-width: 1.5; stroke-linejoin: round; vector-effect: non-scaling-stroke; } .sheet { overflow: hidden; } table { width: 100%; border-collapse: collapse; } caption { padding: 0.75rem 0.875rem; text-align: left; font-weight: 650; } th, td { padding: 0.4rem 0.875rem; text-align: left; vertical-align: top; } th { border-block: 1px solid var(--edge); background: var(--well); font-weight: 600; white-space: nowrap; } th button { padding: 0; border: 0; background: none; font-weight: inherit; } /* Its direction is told by aria-sort: the arrow is no part of its name. */ th button::after { content: '\\2195' / ''; margin-left: 0.3rem; color: var(--soft); opacity: 0.5; } th[aria-sort='ascending'] button::after { content: '\\2191' / ''; color: var(--water); opacity: 1; } th[aria-sort='descending'] button::after { content: '\\2193' / ''; color: var(--water); opacity: 1; } td { border-top: 1px solid var(--edge); unicode-bidi: isolate; overflow-wrap: anywhere; } tbody tr:first-child td { border-top: 0; } td.channels, td.address { font-family: var(--mono); font-size: 0.8125rem; } td.agent { color: var(--soft); } .agent span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; } .none { color: var(--soft); font-family: system-ui, sans-serif; } .note { padding: 0 0.875rem 0.875rem; color: var(--soft); } nav { display: flex; gap: 0.75rem; align-items: center; justify-content: space-between; padding: 0.75rem 0.875rem; border-top: 1px solid var(--edge); } nav[hidden] { display: none; } @media (width > 50rem) { th:first-child { min-width: 8rem; } th.agent { width: 32%; } .number { text-align: right; white-space: nowrap; } } /* A phone has no room for seven columns: each session becomes a card, and what sorts them a row of buttons. */ @media (width <= 50rem) { .figures { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); } table, thead, tbody, caption { display: block; } thead tr { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.5rem 0.875rem; border-block: 1px solid var(--edge); background: var(--well); } th { padding: 0.15rem 0; border: 0; } tbody tr { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0.1rem 0.75rem; padding: 0.6rem 0.875rem; border-top: 1px solid var(--edge); } tbody tr:first-child { border-top: 0; } tbody td { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; padding: 0; border: 0; } tbody td::before { content: attr(data-label); color: var(--soft); font: 0.8125rem/1.5 system-ui, sans-serif; } } @media print { .tools, nav { display: none; } }</style>
</head>
<body>
<header>
<h1>Streams</h1>
<p class="light" role="status" data-state="connecting">Connecting</p>
<p class="tools">
<button type="button" id="pause" aria-pressed="false">Pause</button>
<a id="json" href="#">JSON</a>
</p>
</header>
<main>
<noscript
><p class="note">
This page needs scripts. What it shows is in status.json, too.
</p></noscript
>
<section aria-labelledby="figures-heading">
<h2 id="figures-heading" class="unseen">Figures</h2>
<dl class="figures">
<div class="figure">
<dt>Sessions</dt>
<dd data-figure="sessions">–</dd>
<dd class="remark" data-remark="sessions">open now</dd>
</div>
<div class="figure">
<dt>Published</dt>
<dd data-figure="published">–</dd>
<dd class="remark" data-remark="published">events</dd>
<dd class="trace" aria-hidden="true">
<svg viewBox="0 0 60 20" preserveAspectRatio="none">
<polyline data-trace="published" />
</svg>
</dd>
</div>
<div class="figure">
<dt>Delivered</dt>
<dd data-figure="delivered">–</dd>
<dd class="remark" data-remark="delivered">events</dd>
<dd class="trace" aria-hidden="true">
<svg viewBox="0 0 60 20" preserveAspectRatio="none">
<polyline data-trace="delivered" />
</svg>
</dd>
</div>
<div class="figure">
<dt>Dropped</dt>
<dd data-figure="dropped">–</dd>
<dd class="remark">with sessions that were let go</dd>
</div>
<div class="figure">
<dt>Replay</dt>
<dd data-figure="replay">–</dd>
<dd class="remark" data-remark="replay">events</dd>
</div>
<div class="figure" id="provider" hidden>
<dt>Provider</dt>
<dd data-figure="provider">–</dd>
<dd class="remark" data-remark="provider"></dd>
</div>
<div class="figure">
<dt>Up for</dt>
<dd data-figure="uptime">–</dd>
<dd class="remark" data-remark="uptime">since the server was made</dd>
</div>
</dl>
</section>
<section class="sheet">
<table role="table">
<caption>
Sessions
</caption>
<thead role="rowgroup">
<tr role="row">
<th role="columnheader" scope="col" data-sort="clientId">Client</th>
<th role="columnheader" scope="col" data-sort="channels">Channels</th>
<th role="columnheader" scope="col" data-sort="remoteAddress">Address</th>
<th role="columnheader" scope="col" data-sort="userAgent" class="agent">
User agent
</th>
<th role="columnheader" scope="col" data-sort="connectedAt" class="number">
Connected
</th>
<th role="columnheader" scope="col" data-sort="sent" class="number">Sent</th>
<th role="columnheader" scope="col" data-sort="backlog" class="number">Backlog</th>
</tr>
</thead>
<tbody role="rowgroup"></tbody>
</table>
<p class="note" id="empty" hidden>Nobody is connected.</p>
<nav aria-label="Pages of sessions" hidden>
<button type="button" id="previous">Previous</button>
<p id="range"></p>
<button type="button" id="next">Next</button>
</nav>
</section>
</main>
<script type="module">function e(e){let t=document.querySelector(e);if(!t)throw Error(\`Cannot find \${e} in the page.\`);return t}function t(e,t){e.textContent!==t&&(e.textContent=t)}const n=new Intl.NumberFormat(\`en\`),r=new Intl.NumberFormat(\`en\`,{maximumFractionDigits:1}),i=new Intl.DateTimeFormat(void 0,{dateStyle:\`medium\`,timeStyle:\`medium\`});function a(e){return n.format(e)}function o(e){return e<10?r.format(e):n.format(Math.round(e))}function s(e){return i.format(e)}function c(e){let t=Math.max(0,Math.floor(e/1e3)),n=[[\`d\`,Math.floor(t/86400)],[\`h\`,Math.floor(t/3600)%24],[\`min\`,Math.floor(t/60)%60],[\`s\`,t%60]],r=n.findIndex(([,e])=>e>0);return r===-1?\`0 s\`:n.slice(r,r+2).filter(([,e])=>e>0).map(([e,t])=>\`\${t} \${e}\`).join(\` \`)}function l(e){let t=[\`B\`,\`KiB\`,\`MiB\`,\`GiB\`],n=Math.min(t.length-1,Math.floor(Math.log2(Math.max(1,e))/10));return\`\${r.format(e/1024**n)} \${t[n]}\`}const u={published:[],delivered:[]};function d(t,n){let r=u[t];r.push(n),r.length>60&&r.shift();let i=Math.max(1,...r),a=60-r.length,o=r.map((e,t)=>\`\${a+t+1},\${19-e/i*18}\`);e(\`[data-trace=\${t}]\`).setAttribute(\`points\`,o.join(\` \`))}let f;function p(t){let{sessions:n,dropped:r,replay:i,provider:o,uptime:u,startedAt:d}=t;m(\`sessions\`,a(n.total)),h(\`published\`,t),h(\`delivered\`,t),m(\`dropped\`,a(r)),e(\`[data-figure=dropped]\`).toggleAttribute(\`data-some\`,r>0),i?m(\`replay\`,a(i.count),\`events, \${l(i.bytes)}\`):m(\`replay\`,\`none\`,\`kept, or it does not tell\`),e(\`#provider\`).hidden=!o,o&&g(o,t.at),m(\`uptime\`,c(u),\`since \${s(d)}\`),f=t}function m(n,r,i){t(e(\`[data-figure=\${n}]\`),r),i!==void 0&&t(e(\`[data-remark=\${n}]\`),i)}function h(e,t){let n=f?.startedAt===t.startedAt?f:void 0,r=n&&(t.at-n.at)/1e3,i=n&&r?(t[e]-n[e])/r:void 0,s=i===void 0?\`events\`:\`\${o(i)} events/s\`;m(e,a(t[e]),s),i!==void 0&&d(e,i)}function g(t,n){let{status:r,since:i,waiting:o,error:s}=t;e(\`[data-figure=provider]\`).dataset.status=r;let l=o>0?\`, \${a(o)} publishes wait\`:\`\`,u=s?\`: \${s}\`:\`\`;m(\`provider\`,r,\`for \${c(n-i)}\${l}\${u}\`)}function _({sessions:n,at:r}){let{total:i,items:o,offset:s}=n,c=e(\`tbody\`);for(;c.rows.length>o.length;)c.deleteRow(-1);for(let[e,t]of o.entries())y(c.rows[e]??v(c),t,r);let[l,u]=[s+1,s+o.length],d=\`\${a(l)} to \${a(u)} of \${a(i)}\`;t(e(\`caption\`),i>o.length?\`Sessions, \${d}\`:\`Sessions\`);let f=i-u;t(e(\`#range\`),f>0?\`\${a(f)} more\`:d),e(\`#empty\`).hidden=i>0,e(\`nav\`).hidden=i<=o.length,e(\`#previous\`).toggleAttribute(\`disabled\`,s===0),e(\`#next\`).toggleAttribute(\`disabled\`,f<=0)}function v(e){let t=e.insertRow();t.setAttribute(\`role\`,\`row\`);let n=[\`\`,\`channels\`,\`address\`,\`agent\`,\`number\`,\`number\`,\`number\`];for(let[e,r]of[...document.querySelectorAll(\`th\`)].entries()){let i=t.insertCell();i.setAttribute(\`role\`,\`cell\`),i.dataset.label=r.textContent,i.className=n[e]??\`\`,i.append(document.createElement(\`span\`))}return t}function y(e,n,r){let i=n.channels.slice(0,6),o=n.channelCount-i.length,u=i.join(\`, \`)+(o>0?\` and \${o} more\`:\`\`),d=[[n.clientId??\`unnamed\`,n.clientId===null],[u||\`broadcasts only\`,n.channelCount===0],[n.remoteAddress??\`unknown\`,n.remoteAddress===null],[n.userAgent??\`untold\`,n.userAgent===null],[\`\${c(r-n.connectedAt)} ago\`,!1],[a(n.sent),!1],[l(n.backlog),n.backlog===0]];for(let[n,[r,i]]of d.entries()){let a=e.cells[n]?.firstElementChild;a&&(t(a,r),a.classList.toggle(\`none\`,i))}e.cells[6]?.firstElementChild?.classList.toggle(\`some\`,n.backlog>0),e.cells[1]?.setAttribute(\`title\`,n.channels.join(\`
\`)),e.cells[3]?.setAttribute(\`title\`,n.userAgent??\`\`),e.cells[4]?.setAttribute(\`title\`,s(n.connectedAt))}const b=location.pathname.replace(/\\/?$/,\`/\`);var x=class{#e;#t;#n;constructor(e){this.#e=e}open(t){this.#r(),e(\`#json\`).setAttribute(\`href\`,\`\${b}status.json?\${t.toString()}\`);let n=new EventSource(\`\${b}events?\${t.toString()}\`);this.#t=n,n.addEventListener(\`status\`,({data:e})=>{S(\`live\`,\`Live\`),this.#e(JSON.parse(String(e)))}),n.addEventListener(\`error\`,()=>{S(\`lost\`,\`Reconnecting\`),n.readyState===EventSource.CLOSED&&(S(\`lost\`,\`Not let in, or not answered\`),this.#n=setTimeout(()=>this.open(t),5e3))})}pause(){this.#r(),S(\`paused\`,\`Paused\`)}resume(e){S(\`connecting\`,\`Connecting\`),this.open(e)}#r(){clearTimeout(this.#n),this.#t?.close(),this.#t=void 0}};function S(n,r){let i=e(\`.light\`);i.dataset.state=n,t(i,r)}let C={key:\`connectedAt\`,descending:!1},w=0;const T=new x(D);function E(){let e=\`\${C.descending?\`-\`:\`\`}\${C.key}\`;return new URLSearchParams({offset:String(w),limit:\`50\`,sort:e})}function D(e){let{total:t,items:n}=e.sessions;p(e),document.title=\`\${a(t)} streams\`,n.length===0&&t>0?O(Math.floor((t-1)/50)*50):_(e)}function O(t){w=Math.max(0,t),e(\`#pause\`).getAttribute(\`aria-pressed\`)===\`false\`&&T.open(E())}function k(e){let t=e===\`sent\`||e===\`backlog\`,n=C.key===e?!C.descending:t;C={key:e,descending:n};for(let t of document.querySelectorAll(\`th\`))t.dataset.sort===e?t.setAttribute(\`aria-sort\`,n?\`descending\`:\`ascending\`):t.removeAttribute(\`aria-sort\`);O(0)}for(let e of document.querySelectorAll(\`th\`)){let t=document.createElement(\`button\`);t.type=\`button\`,t.textContent=e.textContent.trim(),t.addEventListener(\`click\`,()=>k(e.dataset.sort??\`\`)),e.replaceChildren(t),e.dataset.sort===C.key&&e.setAttribute(\`aria-sort\`,\`ascending\`)}e(\`#previous\`).addEventListener(\`click\`,()=>O(w-50)),e(\`#next\`).addEventListener(\`click\`,()=>O(w+50)),e(\`#pause\`).addEventListener(\`click\`,({currentTarget:e})=>{let t=e,n=t.getAttribute(\`aria-pressed\`)===\`false\`;t.setAttribute(\`aria-pressed\`,String(n)),n?T.pause():T.resume(E())}),T.open(E());</script>
</body>
</html>
`

/** The hashes that a Content-Security-Policy knows its script and its style by. */
export const SCRIPT_HASH: string = 'sha256-JoXnzgeShPmupVS1cNDp7ydg4B4AChZqss9z6Iv7vzM='
export const STYLE_HASH: string = 'sha256-E/XNTDcOj2MMpEVIujGeYVvx6d9gWzk9wojiNIa71Ts='
