import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { certify } from './commands/certify.ts';
import { mock } from './commands/mock.ts';
import { spec } from './commands/spec.ts';

/** Exit code of a command that could not do what was asked: bad arguments, a port in use, a broken contract. */
const COULD_NOT = 2;

/** Runs the command line. The one place where an error becomes an exit code. */
export async function run(argv: string[]): Promise<void> {
  const program = new Command('flowpact')
    .description(packageJson.description)
    .version(packageJson.version)
    // Else `mock --version 1.8` would print our own.
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists what there is)')
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
    console.error(process.env['FLOWPACT_DEBUG'] ? error : `flowpact: ${(error as Error).message} (FLOWPACT_DEBUG=1 shows where)`);
    process.exitCode = COULD_NOT;
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap((one) => withSubcommands(one as Command))];
}
