import type { RequirementResult, Run } from '../run.ts';
import { needsWork, plural, selectedOf, VERDICTS } from '../tally.ts';
import { levelBadge, VERDICT_WORD, verdictBadge } from './badges.ts';
import { listOf } from './failures.ts';
import { h, type Markup } from './markup.ts';

const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;

/** Every requirement of the contract with its verdict, and filters. */
export function requirements(run: Run): Markup {
  const selected = new Set(selectedOf(run));
  const areas = [...new Set(run.requirements.map((result) => result.area))];
  return h`<section aria-labelledby="requirements"><h2 id="requirements">Requirements <span class="count">${run.requirements.length}</span></h2>
<form class="filters" id="filters">
<fieldset><legend>Verdict</legend>${VERDICTS.filter((verdict) => run.requirements.some((result) => result.verdict === verdict)).map((verdict) => checkbox('verdict', verdict, VERDICT_WORD[verdict]))}</fieldset>
<fieldset><legend>Level</legend>${LEVELS.map((level) => checkbox('level', level, level))}</fieldset>
<label>Area <select name="area"><option value="">all</option>${areas.map((area) => h`<option>${area}</option>`)}</select></label>
<label>Contains <input type="search" name="text" placeholder="id, text, operation" autocomplete="off"></label>
${selected.size < run.requirements.length && h`<label class="check"><input type="checkbox" name="unselected" ${selected.size === 0 && 'checked'}> include those not selected</label>`}
<output aria-live="polite" id="shown"></output></form>
<table class="requirements"><thead><tr><th scope="col">Id</th><th scope="col">Level</th><th scope="col">Requirement</th><th scope="col">Area</th><th scope="col">Verdict</th></tr></thead>
<tbody>${run.requirements.map((result) => row(result, selected.has(result)))}</tbody></table>
<p class="none" hidden id="nothing">No requirement matches these filters.</p></section>`;
}

function checkbox(name: string, value: string, label: string): Markup {
  return h`<label class="check"><input type="checkbox" name="${name}" value="${value}" checked> ${label}</label>`;
}

function row(result: RequirementResult, selected: boolean): Markup {
  const { id, level, text, area, verdict } = result;
  return h`<tr data-verdict="${verdict}" data-level="${level}" data-area="${area}" ${!selected && h`data-unselected`}>
<th scope="row">${needsWork(result) && selected ? h`<a href="#work-${id}">${id}</a>` : id}</th><td>${levelBadge(level)}</td>
<td class="what"><details><summary>${text}</summary>${details(result)}</details></td><td class="area">${area}</td><td>${verdictBadge(verdict)}</td></tr>`;
}

function details({ source, operations, capability, tier, reason, waiver, cases, rerun }: RequirementResult): Markup {
  return h`<dl class="more"><div><dt>Source</dt><dd>${source}</dd></div>
${operations.length > 0 && h`<div><dt>Operations</dt><dd>${listOf(operations)}</dd></div>`}
${capability && h`<div><dt>Capability</dt><dd>${capability}</dd></div>`}${tier && h`<div><dt>Tier</dt><dd>${tier}: never decides the verdict</dd></div>`}
${reason && h`<div><dt>Why</dt><dd>${reason}</dd></div>`}${waiver && h`<div><dt>Waived</dt><dd>by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}</dd></div>`}
${cases.length > 0 && h`<div><dt>${plural(cases.length, 'case')}</dt><dd><ul class="cases">${cases.map((one) => h`<li>${verdictBadge(one.verdict)} ${one.name}${one.message !== undefined && `: ${one.message}`}</li>`)}</ul></dd></div>`}
<div><dt>Rerun</dt><dd><code>${rerun}</code></dd></div></dl>`;
}
