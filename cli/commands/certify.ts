import { Command, Option } from 'commander';

const list = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
];

/** Only parses the options: the heavy modules are imported when the command runs. */
export const certify = new Command('certify')
  .description('Judge a Langflow deployment against the contract')
  .addOption(
    new Option('--target <what>', 'deployment to judge: mock, a URL, image:NAME or package:VERSION')
      .env('FLOWPACT_TARGET')
      .default('mock'),
  )
  .addOption(new Option('--username <name>', 'user to log in as, preferably a superuser').env('FLOWPACT_USERNAME'))
  .addOption(new Option('--password <secret>', 'password of that user').env('FLOWPACT_PASSWORD'))
  .addOption(new Option('--api-key <key>', 'API key instead of user and password').env('FLOWPACT_API_KEY'))
  .addOption(
    new Option('--only <names>', 'requirement ids, areas or operations, separated by commas')
      .env('FLOWPACT_ONLY')
      .argParser(list),
  )
  .addOption(
    new Option('--level <level>', 'lowest level of the requirements to run')
      .env('FLOWPACT_LEVEL')
      .choices(['MUST', 'SHOULD', 'MAY'])
      .default('MAY'),
  )
  .addOption(
    new Option('--waivers <file>', 'accepted failures: a YAML list of id, reason, owner, expires').env(
      'FLOWPACT_WAIVERS',
    ),
  )
  .addOption(new Option('--out <dir>', 'folder for the reports (default: reports/out/<run>)').env('FLOWPACT_OUT'))
  .addOption(
    new Option(
      '--profile <version>',
      'version of the contract to judge by (default: the version that the deployment reports)',
    ).env('FLOWPACT_PROFILE'),
  )
  .addOption(
    new Option('--read-only', 'run only tests that change nothing on the deployment').env('FLOWPACT_READ_ONLY'),
  )
  .addOption(
    new Option('--allow-disruptive', "let tests change all data of the deployment's own user").env(
      'FLOWPACT_ALLOW_DISRUPTIVE',
    ),
  )
  .addOption(
    new Option('--timeout <seconds>', 'longest time to wait for a response').env('FLOWPACT_TIMEOUT').argParser(Number),
  )
  .addOption(
    new Option('--config <file>', 'options as JSON or YAML (default: flowpact.config.json or .yaml)').env(
      'FLOWPACT_CONFIG',
    ),
  )
  .addHelpText(
    'after',
    `
Each option can also be set in the environment (FLOWPACT_TARGET …) or in the configuration file.
The command line wins over the environment, the environment over the file.
Exit codes: 0 conformant, 1 not conformant, 2 could not be measured.`,
  )
  .action(async (_, self: Command) => {
    const { certify: run } = await import('../certify/index.ts');
    process.exit(await run(self));
  });
