import type { Run } from '../run.ts';
import { verdictBadge } from './badges.ts';
import { h, type Markup } from './markup.ts';

/** Waivers, leftovers, and fields that the contract does not declare. */
export function appendix(run: Run): Markup {
  return h`${waivers(run)}${leftovers(run)}${extras(run)}`;
}

function waivers(run: Run): Markup {
  const waived = run.requirements.filter((result) => result.waiver);
  const rows = waived.map(
    ({ id, text, verdict, waiver }) =>
      h`<tr><th scope="row">${id}</th><td>${text}</td><td>${verdictBadge(verdict)}</td><td>${waiver?.reason}</td><td>${waiver?.owner}</td><td>${waiver?.expires}</td></tr>`,
  );
  return h`<section aria-labelledby="waivers"><h2 id="waivers">Waivers</h2>${
    waived.length === 0
      ? h`<p class="quiet">None.</p>`
      : h`<p class="quiet">Failures that are accepted for a time: the tests still run, and a waived MUST never certifies.</p><div class="scroll" role="region" tabindex="0" aria-label="Waivers"><table><thead><tr>${['Id', 'Requirement', 'Verdict', 'Reason', 'Owner', 'Expires'].map((title) => h`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
  }</section>`;
}

function leftovers({ leftovers: left }: Run): Markup {
  return h`<section aria-labelledby="leftovers"><h2 id="leftovers">Left behind</h2>${
    left.length === 0
      ? h`<p class="quiet">Nothing: the suite removed all that it created.</p>`
      : h`<ul>${left.map((one) => h`<li><code>${one}</code></li>`)}</ul>`
  }</section>`;
}

function extras(run: Run): Markup {
  const groups = Map.groupBy(run.extras, ({ operationId }) => operationId);
  return h`<section aria-labelledby="extras"><h2 id="extras">Extra fields</h2>${
    groups.size === 0
      ? h`<p class="quiet">None.</p>`
      : h`<p class="quiet">Fields that the contract does not declare: allowed, so that a new field of a release is no failure.</p><dl class="more">${[...groups].map(([operationId, all]) => h`<div><dt><code>${operationId}</code></dt><dd>${all.map(({ pointer }, index) => h`${index > 0 && ', '}<code>${pointer}</code>`)}</dd></div>`)}</dl>`
  }</section>`;
}
