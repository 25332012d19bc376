#!/usr/bin/env node
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { certify } from './commands/certify.ts';
import { mock } from './commands/mock.ts';
import { spec } from './commands/spec.ts';

await new Command('flowpact')
  .description(packageJson.description)
  .version(packageJson.version)
  .showHelpAfterError('(--help lists what there is)')
  .addCommand(certify)
  .addCommand(mock)
  .addCommand(spec)
  .parseAsync();
