import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { certify } from './commands/certify.ts';
import { mock } from './commands/mock.ts';
import { spec } from './commands/spec.ts';

/** Exit code when a command could not do its work: bad arguments, a port in use, a broken contract. */
const COULD_NOT = 2;

/** Runs the command line. The only place that turns an error into an exit code. */
export async function run(argv: string[]): Promise<void> {
  const program = new Command('flowpact')
    .description(packageJson.description)
    .version(packageJson.version)
    // So that `--version` after a command is that command's option.
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists commands and options)')
    .addCommand(certify)
    .addCommand(mock)
    .addCommand(spec);
  for (const command of withSubcommands(program)) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT;
      return;
    }
    console.error(
      process.env['FLOWPACT_DEBUG']
        ? error
        : `flowpact: ${(error as Error).message} (FLOWPACT_DEBUG=1 prints the stack)`,
    );
    process.exitCode = COULD_NOT;
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap((one) => withSubcommands(one as Command))];
}
