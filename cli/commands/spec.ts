import { Command } from 'commander';
import { DEFAULT_VERSION, loadSpec, type Requirement } from '../../spec/index.ts';
import { nextId } from '../../spec/next-id.ts';
import { coverage } from './coverage.ts';
import { olderName } from './older-name.ts';

const profile = ['--profile <version>', 'version of the Langflow API', DEFAULT_VERSION] as const;

const bundle = new Command('bundle')
  .description('Print the bundled OpenAPI 3.1 document as JSON')
  .option(...profile)
  .action(async (options) => {
    const { document, requirement } = await loadSpec(options.profile);
    const withText = (id: string) => {
      const { level, text, source } = requirement(id);
      return { id, level, text, source };
    };
    const full = (key: string, value: unknown) =>
      key === 'x-requirements' ? (value as string[]).map(withText) : value;
    process.stdout.write(`${JSON.stringify(document, full, 2)}\n`);
  });

const lint = new Command('lint')
  .description('Check the contract: OpenAPI, examples, requirements')
  .option('--profile <version>', 'check the contract of this version only')
  .action(async (options: { profile?: string }) => {
    const { lintContract } = await import('../../spec/lint.ts');
    const { profileVersions } = await import('../../spec/versions.ts');
    const versions = options.profile === undefined ? profileVersions() : [options.profile];
    const problems = await lintContract(versions);
    for (const problem of problems) console.error(problem);
    console.log(
      `The contract of ${versions.join(', ')}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    );
    if (problems.length > 0) process.exitCode = 1;
  });

const operations = new Command('operations')
  .description('List the operations')
  .option(...profile)
  .action(async (options) => {
    for (const { method, path, operationId, tag } of (await loadSpec(options.profile)).operations) {
      console.log([method.padEnd(6), path, operationId, tag].join('\t'));
    }
  });

const requirements = new Command('requirements')
  .description('List the requirements')
  .option(...profile)
  .option('--only <area>', 'requirements of this area only')
  .option('--next <prefix>', 'print the next free id with this prefix (such as FLOWS) instead')
  .action(async (options: { profile: string; only?: string; next?: string }) => {
    if (options.next !== undefined) {
      console.log(nextId(await allRequirements(), options.next));
      return;
    }
    for (const { id, level, text, area } of (await loadSpec(options.profile)).requirements) {
      if (!options.only || options.only === area) console.log([id, level.padEnd(6), text].join('\t'));
    }
  });

/** The requirements of all profiles: an id is never used twice. */
async function allRequirements(): Promise<Requirement[]> {
  const { profileVersions } = await import('../../spec/versions.ts');
  return (await Promise.all(profileVersions().map((one) => loadSpec(one)))).flatMap((one) => one.requirements);
}

for (const command of [bundle, lint, operations, requirements, coverage])
  olderName(command, '--version <profile>', 'profile');

export const spec = new Command('spec')
  .description('Print, bundle and check the contract')
  .addCommand(bundle)
  .addCommand(lint)
  .addCommand(operations)
  .addCommand(requirements)
  .addCommand(coverage);
