import { Command, Option } from 'commander';

const list = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
];

/** Options, then one call; what is heavy is imported inside. */
export const certify = new Command('certify')
  .description('Judge a Langflow deployment against the contract')
  .addOption(new Option('--target <what>', 'mock, a URL, image:NAME or package:VERSION').env('FLOWPACT_TARGET').default('mock'))
  .addOption(new Option('--username <name>', 'user to log in as, best a superuser').env('FLOWPACT_USERNAME'))
  .addOption(new Option('--password <secret>', 'password of that user').env('FLOWPACT_PASSWORD'))
  .addOption(new Option('--api-key <key>', 'API key instead of user and password').env('FLOWPACT_API_KEY'))
  .addOption(new Option('--only <names>', 'requirement ids, areas or operations, parted by commas').env('FLOWPACT_ONLY').argParser(list))
  .addOption(new Option('--level <level>', 'lowest level to run').env('FLOWPACT_LEVEL').choices(['MUST', 'SHOULD', 'MAY']).default('MAY'))
  .addOption(new Option('--waivers <file>', 'failures that are known: a YAML list of id, reason, owner, expires').env('FLOWPACT_WAIVERS'))
  .addOption(new Option('--out <dir>', 'folder for the reports (default: reports/out/<run>)').env('FLOWPACT_OUT'))
  .addOption(new Option('--profile <version>', 'contract to hold the target against (default: by the version it says)').env('FLOWPACT_PROFILE'))
  .addOption(new Option('--read-only', 'only what makes nothing on the target').env('FLOWPACT_READ_ONLY'))
  .addOption(new Option('--allow-disruptive', "let tests change everything the target's own user has").env('FLOWPACT_ALLOW_DISRUPTIVE'))
  .addOption(new Option('--timeout <seconds>', 'longest wait for an answer').env('FLOWPACT_TIMEOUT').argParser(Number))
  .addOption(new Option('--config <file>', 'options as JSON or YAML (default: flowpact.config.json or .yaml)').env('FLOWPACT_CONFIG'))
  .addHelpText(
    'after',
    '\nEach option can be set in the environment (FLOWPACT_TARGET …) and in the configuration file; the command line wins, then the environment.\nExit codes: 0 conformant, 1 not conformant, 2 could not be measured.',
  )
  .action(async (_, self: Command) => {
    const { certify: run } = await import('../certify/index.ts');
    process.exit(await run(self));
  });
