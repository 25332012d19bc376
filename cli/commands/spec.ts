import { Command } from 'commander';
import { DEFAULT_VERSION, loadSpec } from '../../spec/index.ts';
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
  .option(...version)
  .action(async (options) => {
    const { lintSpec } = await import('../../spec/lint.ts');
    const spec = await loadSpec(options.version);
    const problems = await lintSpec(spec);
    for (const problem of problems) console.error(problem);
    console.log(`${spec.operations.length} operations, ${spec.requirements.length} requirements, ${problems.length} problems`);
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
  .action(async (options) => {
    for (const { id, level, text, area } of (await loadSpec(options.version)).requirements) {
      if (!options.only || options.only === area) console.log([id, level.padEnd(6), text].join('\t'));
    }
  });

export const spec = new Command('spec')
  .description('Print, bundle and check the contract')
  .addCommand(bundle)
  .addCommand(lint)
  .addCommand(operations)
  .addCommand(requirements)
  .addCommand(coverage);
