import type { RequirementResult, Run } from '../run.ts';
import {
  countVerdicts,
  duration,
  groupBy,
  mustsPassed,
  plural,
  selectedOf,
  TITLE,
  targetName,
  VERDICTS,
} from '../tally.ts';
import { VERDICT_WORD } from './badges.ts';
import { h, type Markup } from './markup.ts';

const SIGN: Record<Run['verdict'], string> = { conformant: '✓', 'not-conformant': '✗', 'not-measured': '?' };

const BY_LEVEL = [...VERDICTS].toReversed();

/** The verdict, the deployment, and the counts. */
export function header(run: Run): Markup {
  const results = selectedOf(run);
  return h`<header class="top ${run.verdict}">
  <div class="verdict"><span class="sign" aria-hidden="true">${SIGN[run.verdict]}</span>
    <div><h1>${TITLE[run.verdict]}</h1><p><b>${targetName(run)}</b> against the Langflow API contract <b>${run.profile}</b>: ${mustsPassed(results)} passed</p></div>
  </div>
  ${facts(run)}
</header>
${run.status === 'incomplete' && h`<p class="note warn">The run did not finish: these are the results until then.</p>`}
${run.notes.map((note) => h`<p class="note">${note}</p>`)}
${tiles(results, run.requirements.length)}`;
}

function facts(run: Run): Markup {
  const { only, level, readOnly, allowDisruptive } = run.selection;
  const rows: [string, string][] = [
    [
      'Target',
      `${run.target.url} (${run.target.kind === 'url' ? 'running deployment' : run.target.kind === 'mock' ? 'the embedded mock' : run.target.name})`,
    ],
    ['Started', `${run.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}, took ${duration(run.durationMs)}`],
    [
      'Selection',
      [
        only.length > 0 ? only.join(', ') : 'everything',
        `levels down to ${level}`,
        readOnly && 'read only',
        allowDisruptive && 'disruptive tests allowed',
      ]
        .filter(Boolean)
        .join('; '),
    ],
    ['Run', `${run.id}, ${run.tool.name} ${run.tool.version}, exit code ${run.exitCode}`],
  ];
  return h`<dl class="facts">${rows.map(([term, value]) => h`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function tiles(results: RequirementResult[], total: number): Markup {
  const counts = countVerdicts(results);
  const left = total - results.length;
  return h`<ul class="tiles">${BY_LEVEL.map((verdict) => h`<li class="tile ${verdict} ${counts[verdict] === 0 && 'none'}"><b>${counts[verdict]}</b> ${VERDICT_WORD[verdict]}</li>`)}</ul>
${left > 0 && h`<p class="quiet">${plural(left, 'requirement')} of the contract ${left === 1 ? 'was' : 'were'} not selected and ${left === 1 ? 'is' : 'are'} not counted here.</p>`}`;
}

/** Areas and capabilities, each with a bar. */
export function summaries(run: Run): Markup {
  const results = selectedOf(run);
  const areas = groupBy(results, (result) => result.area);
  const capabilities = groupBy(results, (result) => result.capability);
  return h`<section aria-labelledby="areas"><h2 id="areas">Areas</h2>${table(areas, 'Area', 'area')}</section>
${capabilities.size > 0 && h`<section aria-labelledby="capabilities"><h2 id="capabilities">Capabilities</h2><p class="quiet">Only some deployments have these; without one, its requirements are not applicable.</p>${table(capabilities, 'Capability', undefined)}</section>`}`;
}

function table(groups: Map<string, RequirementResult[]>, title: string, filter: string | undefined): Markup {
  const columns = BY_LEVEL.filter((verdict) =>
    [...groups.values()].some((results) => results.some((result) => result.verdict === verdict)),
  );
  return h`<div class="scroll" role="region" tabindex="0" aria-label="${title}"><table class="sums">
<thead><tr><th scope="col">${title}</th><th scope="col" class="wide">Share</th><th scope="col" class="num">MUST</th><th scope="col" class="num">SHOULD</th><th scope="col" class="num">MAY</th>${columns.map((verdict) => h`<th scope="col" class="num">${VERDICT_WORD[verdict]}</th>`)}</tr></thead>
<tbody>${[...groups].map(([name, results]) => {
    const counts = countVerdicts(results);
    return h`<tr><th scope="row">${filter ? h`<a href="#requirements" data-area-link="${name}">${name}</a>` : name}</th><td class="wide">${bar(results)}</td>${(['MUST', 'SHOULD', 'MAY'] as const).map((level) => share(results.filter((result) => result.level === level)))}${columns.map((verdict) => h`<td class="num ${counts[verdict] > 0 && verdict}">${counts[verdict] || '·'}</td>`)}</tr>`;
  })}</tbody></table></div>`;
}

/** How many of the applicable requirements passed. */
function share(results: RequirementResult[]): Markup {
  const counting = results.filter((result) => result.verdict !== 'not-applicable');
  if (counting.length === 0) return h`<td class="num">·</td>`;
  return h`<td class="num">${counting.filter((result) => result.verdict === 'pass').length}/${counting.length}</td>`;
}

function bar(results: RequirementResult[]): Markup {
  const counts = countVerdicts(results);
  const words = BY_LEVEL.filter((verdict) => counts[verdict] > 0).map(
    (verdict) => `${counts[verdict]} ${VERDICT_WORD[verdict]}`,
  );
  return h`<span class="bar" role="img" aria-label="${words.join(', ')}" title="${words.join(', ')}">${BY_LEVEL.filter((verdict) => counts[verdict] > 0).map((verdict) => h`<i class="${verdict}" style="flex:${counts[verdict]}"></i>`)}</span>`;
}
