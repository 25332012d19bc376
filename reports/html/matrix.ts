import type { MatrixCell, Run } from '../run.ts';
import { plural } from '../tally.ts';
import { statusChip } from './exchange.ts';
import { h, type Markup } from './markup.ts';

/** How often each operation answered which status to which kind of credential, and which were never called. */
export function matrix(run: Run): Markup {
  const columns = [...new Set(run.matrix.map(({ credential }) => kindOf(credential)))].toSorted(byKind);
  const cells = Map.groupBy(run.matrix, ({ operationId, credential }) => `${operationId} ${kindOf(credential)}`);
  const called = new Set(run.matrix.map(({ operationId }) => operationId));
  const uncalled = run.operations.filter(({ operationId }) => !called.has(operationId)).length;
  return h`<section aria-labelledby="matrix"><h2 id="matrix">Operations, statuses, credentials</h2>
<p class="quiet">The statuses that ${plural(run.operations.length, 'operation')} answered, by credential, and how often.${uncalled > 0 && ` ${plural(uncalled, 'operation')} never called.`}</p>
<details open><summary>The matrix</summary><div class="scroll" role="region" tabindex="0" aria-label="Operations, statuses, credentials"><table class="matrix">
<thead><tr><th scope="col">Operation</th>${columns.map((column) => h`<th scope="col"><span>${column}</span></th>`)}</tr></thead>
${[...Map.groupBy(run.operations, ({ tag }) => tag)].map(
  ([
    tag,
    operations,
  ]) => h`<tbody><tr class="tag"><th colspan="${columns.length + 1}" scope="rowgroup"><span>${tag}</span></th></tr>
${operations.map(({ operationId, method, path }) => h`<tr ${!called.has(operationId) && h`class="silent"`}><th scope="row" title="${method} ${path}"><code>${operationId}</code><small>${method} ${path}</small></th>${columns.map((column) => h`<td>${chips(cells.get(`${operationId} ${column}`) ?? [])}</td>`)}</tr>`)}</tbody>`,
)}
</table></div></details></section>`;
}

/** Users that a test created are one kind: their names differ in every run. */
export function kindOf(credential: string): string {
  return credential.replace(/^(user|flowpact)-[\w-]+/, 'own user');
}

/** Sorts: no credential first, then invalid ones, then those of users. */
function byKind(a: string, b: string): number {
  const rank = (name: string): number => (name === 'none' ? 0 : name.includes('(') ? 2 : 1);
  return rank(a) - rank(b) || a.localeCompare(b, 'en');
}

function chips(cells: MatrixCell[]): Markup[] {
  const counts = new Map<number, number>();
  for (const { status, count } of cells) counts.set(status, (counts.get(status) ?? 0) + count);
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(
      ([status, count]) =>
        h`<span class="cell">${statusChip(status)}${count > 1 && h`<small>×${count}</small>`}</span>`,
    );
}
