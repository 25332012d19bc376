import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Level } from '../../reports/run.ts';
import { NotMeasured } from '../../suites/runner/not-measured.ts';

export interface CertifyOptions {
  target: string;
  username?: string;
  password?: string;
  apiKey?: string;
  only?: string[];
  level: Level;
  waivers?: string;
  out?: string;
  profile?: string;
  readOnly?: boolean;
  allowDisruptive?: boolean;
  timeout?: number;
}

const DEFAULT_FILES = ['flowpact.config.json', 'flowpact.config.yaml', 'flowpact.config.yml'];

/**
 * The options: the command line wins over the environment, the environment over the configuration file.
 *
 * @throws NotMeasured for a file that can't be read or has an unknown option
 */
export function readOptions(command: Command): CertifyOptions {
  const { config, ...given } = command.opts<CertifyOptions & { config?: string }>();
  const file = config ?? DEFAULT_FILES.find((name) => existsSync(name));
  const fromFile = file ? readFile(file, command) : {};
  const isDefault = (name: string): boolean => command.getOptionValueSource(name) === 'default';
  const chosen = Object.fromEntries(Object.entries(given).filter(([name]) => !isDefault(name) || !(name in fromFile)));
  return { ...fromFile, ...chosen } as unknown as CertifyOptions;
}

function readFile(file: string, command: Command): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new NotMeasured(`The configuration ${file} can't be read: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || Array.isArray(content))
    throw new NotMeasured(`The configuration ${file} must be an object of options`);
  const known = command.options.map((option) => option.attributeName()).filter((name) => name !== 'config');
  for (const name of Object.keys(content as object)) {
    if (!known.includes(name))
      throw new NotMeasured(
        `The configuration ${file} has the unknown option ${name}; the options are ${known.join(', ')}`,
      );
  }
  const { only } = content as { only?: string | string[] };
  return { ...(content as object), ...(typeof only === 'string' && { only: only.split(',') }) };
}
