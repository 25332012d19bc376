import { type Command, Option } from 'commander';

/**
 * Accepts an option under an older name too, which the help does not list: `olderName(mock, '--user <name>',
 * 'username')`.
 */
export function olderName(command: Command, flags: string, name: string): Command {
  const option = new Option(flags).hideHelp();
  command.addOption(option);
  return command.on(`option:${option.name()}`, (value: string) => command.setOptionValue(name, value));
}
