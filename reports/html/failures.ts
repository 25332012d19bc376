import type { Case, RequirementResult, Run } from '../run.ts';
import { needsWork, plural, problemCases, selectedOf, VERDICTS } from '../tally.ts';
import { copyable, levelBadge, verdictBadge } from './badges.ts';
import { differingLines } from './difference.ts';
import { exchangeView, prettyJson } from './exchange.ts';
import { h, type Markup } from './markup.ts';

/** A requirement may fail for every operation: the first cases are shown in full, the others by name. */
const MOST_CASES = 8;
const MOST_EXCHANGES = 8;
const LEVELS = ['MUST', 'SHOULD', 'MAY'];

/** The requirements that failed or were blocked, the most severe first. */
export function failures(run: Run): Markup {
  const open = selectedOf(run)
    .filter(needsWork)
    .toSorted(
      (a, b) =>
        LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict),
    );
  if (open.length === 0)
    return h`<section aria-labelledby="work"><h2 id="work">To do</h2><p>Nothing failed, nothing was blocked.</p></section>`;
  return h`<section aria-labelledby="work"><h2 id="work">To do <span class="count">${open.length}</span></h2>${open.map(order)}</section>`;
}

function order(result: RequirementResult): Markup {
  const cases = problemCases(result);
  return h`<article class="order ${result.verdict}" id="work-${result.id}" aria-labelledby="title-${result.id}">
<h3 id="title-${result.id}"><span class="id">${result.id}</span> ${levelBadge(result.level)} ${verdictBadge(result.verdict)}${result.tier === 'strict' && h` <span class="level">strict tier</span>`}${result.waiver && h` <span class="level">waived</span>`}</h3>
<p class="text">${result.text}</p>
<p class="quiet">Source: ${result.source}${result.operations.length > 0 && h`. Operations: ${listOf(result.operations)}`}</p>
${result.waiver && h`<p class="note">Waived by ${result.waiver.owner} until ${result.waiver.expires}: ${result.waiver.reason}</p>`}
${cases.length === 0 && h`<p class="message">${result.reason ?? 'No case gives a reason.'}</p>`}
${cases.slice(0, MOST_CASES).map(caseView)}
${cases.length > MOST_CASES && h`<details><summary>${plural(cases.length - MOST_CASES, 'more case')}</summary><ul>${cases.slice(MOST_CASES).map((one) => h`<li>${one.name}: ${one.message ?? one.verdict}</li>`)}</ul></details>`}
<h4>Run this requirement again</h4>${copyable(result.rerun, 'Copy')}
</article>`;
}

export function listOf(names: string[]): Markup {
  const shown = names.slice(0, 6).map((name, index) => h`${index > 0 && ', '}<code>${name}</code>`);
  return h`${shown}${names.length > 6 && ` and ${names.length - 6} more`}`;
}

function caseView(one: Case): Markup {
  const last = one.exchanges.at(-1);
  const earlier = one.exchanges.slice(0, -1).slice(-MOST_EXCHANGES);
  return h`<div class="case"><h4>${verdictBadge(one.verdict)} ${one.name}</h4>
${one.message !== undefined && h`<p class="message">${one.message}</p>`}
${difference(one)}
${earlier.length > 0 && h`<details><summary>${plural(earlier.length, 'request')} before it${one.exchanges.length - 1 > earlier.length && ` (the last of ${one.exchanges.length - 1})`}</summary>${earlier.map(exchangeView)}</details>`}
${last && exchangeView(last)}</div>`;
}

/** Expected and actual side by side, with differing lines marked. */
function difference({ expected, actual, pointer }: Case): Markup | undefined {
  if (expected === undefined && actual === undefined) return undefined;
  const [left, right] = differingLines(prettyJson(expected ?? 'absent'), prettyJson(actual ?? 'absent'));
  const lines = (all: { text: string; differs: boolean }[], tag: string) =>
    all.map(({ text, differs }) => (differs ? h`<span class="${tag}">${text || ' '}</span>` : h`${text}\n`));
  return h`<figure class="difference">${pointer !== undefined && h`<figcaption>At <code>${pointer || 'the whole body'}</code></figcaption>`}
<div><h5>Expected</h5><pre tabindex="0"><code>${lines(left, 'want')}</code></pre></div><div><h5>Actual</h5><pre tabindex="0"><code>${lines(right, 'got')}</code></pre></div></figure>`;
}
