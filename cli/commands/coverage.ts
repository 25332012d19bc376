import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Run } from '../../reports/run.ts';
import type { Coverage } from '../../spec/coverage.ts';
import { DEFAULT_VERSION, loadSpec } from '../../spec/index.ts';

/** How much of a release the project covers, from the statuses that recorded runs observed on it and on the mock. */
export const coverage = new Command('coverage')
  .description(
    'Show which operations have a contract, a handler and requirements, and which declared statuses were observed',
  )
  .option('--profile <version>', 'version of the Langflow API', DEFAULT_VERSION)
  .option('--record <folders...>', 'first put on record what these whole runs of certify saw (folders of reports)')
  .option('--matrix', 'print every operation with its statuses')
  .action(async (options: { profile: string; record?: string[]; matrix?: boolean }) => {
    const { coverageOf, isGap, readObserved, readSurface, writeObserved } = await import('../../spec/coverage.ts');
    const { handlers, socketHandlers } = await import('../../mock/routes/index.ts');
    const spec = await loadSpec(options.profile);
    for (const folder of options.record ?? []) {
      const run = wholeRun(folder, spec.version);
      writeObserved(run.target.kind === 'mock' ? 'mock' : String(run.target.version), run.matrix);
    }
    const real = readObserved(spec.releases.at(-1) ?? '');
    const found = coverageOf(
      spec,
      readSurface(spec.version),
      ({ operationId, twinOf, websocket }) =>
        (websocket ? socketHandlers : handlers)[twinOf ?? operationId] !== undefined,
      {
        real,
        mock: readObserved('mock'),
      },
    );
    if (options.matrix) printMatrix(found);
    const missing = found.routes.filter(({ operation, handled, required }) => !operation || !handled || !required);
    for (const { route, operation, handled } of missing)
      console.log(
        `${route.method} ${route.path}: ${operation ? (handled ? 'no requirement' : 'no handler') : 'not in the contract'}`,
      );
    const gaps = found.statuses.filter(isGap);
    for (const { operation, status, real: onReal, mock } of gaps)
      console.log(
        `${operation.operationId} ${status}: not seen on ${[...(onReal ? [] : ['the real release']), ...(mock ? [] : ['the mock'])].join(' and ')}`,
      );
    console.log(
      `${found.routes.length - missing.length} of ${found.routes.length} operations with contract, handler and requirements`,
    );
    if (gaps.length > 0) console.log(HOW_TO_RECORD);
    const untestable = found.statuses.filter(
      ({ real: onReal, mock, untestable: why }) => why && !(onReal && mock),
    ).length;
    const both = found.statuses.filter(({ real: onReal, mock }) => onReal && mock).length;
    console.log(
      `${found.statuses.length} declared statuses: ${both} seen on the real release and the mock, ${untestable} untestable, ${gaps.length} not seen`,
    );
    if (missing.length + gaps.length > 0) process.exitCode = 1;
  });

const HOW_TO_RECORD = `What was seen stands in spec/observed: run certify on the mock and on the release, whole, each with an --out of its own;
then \`npm run flowpact -- spec coverage --record DIR DIR\` writes it.`;

function wholeRun(folder: string, version: string): Run {
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Run;
  if (
    run.status !== 'complete' ||
    run.selection.only.length > 0 ||
    run.selection.level !== 'MAY' ||
    run.selection.readOnly
  )
    throw new Error(`${folder} is not a whole run: it must be complete, without --only, --level and --read-only`);
  if (run.profile !== version) throw new Error(`${folder} was judged by contract ${run.profile}, not ${version}`);
  return run;
}

function printMatrix({ statuses }: Coverage): void {
  for (const [operation, list] of Map.groupBy(statuses, (one) => one.operation)) {
    const cells = list.map(({ status, real, mock, untestable }) => {
      const where =
        [...(real ? ['real'] : []), ...(mock ? ['mock'] : [])].join('+') ||
        (untestable ? `untestable: ${untestable}` : 'not seen');
      return `${status} ${where}`;
    });
    console.log(`${operation.operationId}: ${cells.join(', ')}`);
  }
}
