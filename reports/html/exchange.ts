import { curl } from '../curl.ts';
import type { Exchange } from '../run.ts';
import { duration, pathOf, plural } from '../tally.ts';
import { copyable } from './badges.ts';
import { h, type Markup } from './markup.ts';

/** Longer bodies are complete only in run.json. */
const MOST_BODY = 8000;
const MOST_CHUNKS = 100;

/** One request and its response, with violations of the contract and a curl command. */
export function exchangeView(exchange: Exchange): Markup {
  const { request, response, error, credential, durationMs } = exchange;
  return h`<div class="exchange">
<p class="line"><b>${request.method}</b> <span class="path">${pathOf(request.url)}</span> <span class="to">→</span> ${response ? statusChip(response.status) : h`<span class="status none">no response</span>`} <span class="quiet">in ${duration(durationMs)}, as ${credential}${exchange.operationId ? `, ${exchange.operationId}` : ''}</span></p>
${error !== undefined && h`<p class="note warn">${error}</p>`}
${violations(exchange)}
<div class="sides">
<div><h5>Request</h5>${headersView(request.headers)}${bodyView(request.body, 'no body')}</div>
${response && h`<div><h5>Response</h5>${headersView(response.headers)}${exchange.chunks ? timeline(exchange.chunks) : bodyView(response.body, 'empty body', response.bytes)}</div>`}
</div>
<details class="curl"><summary>As curl</summary>${copyable(curl(exchange), 'Copy')}</details>
</div>`;
}

export function statusChip(status: number): Markup {
  return h`<span class="status s${Math.floor(status / 100)}">${status}</span>`;
}

function violations({ violations: all }: Exchange): Markup | undefined {
  const broken = all.filter((one) => one.kind !== 'extra');
  if (broken.length === 0) return undefined;
  const rows = broken.map(
    (one) =>
      h`<tr><td>${one.kind}</td><td><code>${one.pointer || '(whole)'}</code></td><td><code>${one.expected}</code></td><td><code>${one.actual}</code></td></tr>`,
  );
  return h`<div class="scroll"><table class="violations"><caption>Violations of the contract</caption><thead><tr><th scope="col">What</th><th scope="col">At</th><th scope="col">Expected</th><th scope="col">Actual</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function headersView(headers: Record<string, string>): Markup | undefined {
  const names = Object.keys(headers);
  if (names.length === 0) return undefined;
  return h`<details class="headers"><summary>${plural(names.length, 'header')}</summary><pre tabindex="0">${names.map((name) => h`<b>${name}</b>: ${headers[name]}\n`)}</pre></details>`;
}

function bodyView(body: string | undefined, none: string, bytes?: number): Markup {
  if (!body) return h`<p class="quiet">${none}</p>`;
  const text = prettyJson(body);
  const cut = text.length > MOST_BODY;
  return h`<pre class="body" tabindex="0"><code>${cut ? text.slice(0, MOST_BODY) : text}</code></pre>${cut && h`<p class="quiet">Cut here; the whole body of ${bytes ? `${bytes} bytes` : `${body.length} characters`} is in run.json.</p>`}`;
}

/** JSON with indentation; other text unchanged. */
export function prettyJson(body: string): string {
  if (!/^\s*[[{]/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** The chunks of a stream with their times. */
function timeline(chunks: NonNullable<Exchange['chunks']>): Markup {
  const rows = chunks
    .slice(0, MOST_CHUNKS)
    .map(
      (chunk) =>
        h`<li><time>${Math.round(chunk.at)} ms</time><pre><code>${chunk.text.slice(0, 2000).trimEnd()}</code></pre></li>`,
    );
  return h`<p class="quiet">A stream of ${plural(chunks.length, 'chunk')}</p><ol class="timeline">${rows}</ol>${chunks.length > MOST_CHUNKS && h`<p class="quiet">… the rest is in run.json.</p>`}`;
}
