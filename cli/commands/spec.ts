import { Command } from 'commander';
import { DEFAULT_VERSION, loadSpec, type Requirement } from '../../spec/index.ts';
import { nextId } from '../../spec/next-id.ts';
import { coverage } from './coverage.ts';

const version = ['--version <profile>', 'the Langflow version', DEFAULT_VERSION] as const;

const bundle = new Command('bundle')
  .description('Print the bundled OpenAPI 3.1 document as JSON')
  .option(...version)
  .action(async (options) => {
    const { document } = await loadSpec(options.version);
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  });

const lint = new Command('lint')
  .description('Check the contract: OpenAPI, examples, requirements')
  .option('--version <profile>', 'that of one Langflow version alone')
  .action(async (options: { version?: string }) => {
    const { lintContract } = await import('../../spec/lint.ts');
    const { profileVersions } = await import('../../spec/versions.ts');
    const versions = options.version === undefined ? profileVersions() : [options.version];
    const problems = await lintContract(versions);
    for (const problem of problems) console.error(problem);
    console.log(`The contract of ${versions.join(', ')}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    if (problems.length > 0) process.exitCode = 1;
  });

const operations = new Command('operations')
  .description('List the operations')
  .option(...version)
  .action(async (options) => {
    for (const { method, path, operationId, tag } of (await loadSpec(options.version)).operations) {
      console.log([method.padEnd(6), path, operationId, tag].join('\t'));
    }
  });

const requirements = new Command('requirements')
  .description('List the requirements')
  .option(...version)
  .option('--only <area>', 'only those of an area')
  .option('--next <prefix>', 'print the next free id instead, such as that of FLOWS')
  .action(async (options: { version: string; only?: string; next?: string }) => {
    if (options.next !== undefined) {
      console.log(nextId(await allRequirements(), options.next));
      return;
    }
    for (const { id, level, text, area } of (await loadSpec(options.version)).requirements) {
      if (!options.only || options.only === area) console.log([id, level.padEnd(6), text].join('\t'));
    }
  });

/** Those of all versions: an id is used once. */
async function allRequirements(): Promise<Requirement[]> {
  const { profileVersions } = await import('../../spec/versions.ts');
  return (await Promise.all(profileVersions().map((one) => loadSpec(one)))).flatMap((one) => one.requirements);
}

export const spec = new Command('spec')
  .description('Print, bundle and check the contract')
  .addCommand(bundle)
  .addCommand(lint)
  .addCommand(operations)
  .addCommand(requirements)
  .addCommand(coverage);
