import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledSpec } from './load.ts';
import type { Requirement } from './types.ts';

const CONTRACT = 'contract.json';
const REQUIREMENTS = 'requirements.json';

/** Writes a compiled contract to a folder. The requirements have their own file, since a mock never reads them. */
export function writeCompiled(folder: string, { requirements, ...contract }: CompiledSpec): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, REQUIREMENTS), JSON.stringify(requirements));
  writeFileSync(join(folder, CONTRACT), JSON.stringify(contract));
}

/** Reads a compiled contract, its requirements at their first use. Undefined if the folder does not exist. */
export function readCompiled(folder: string): CompiledSpec | undefined {
  if (!existsSync(folder)) return undefined;
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  let requirements: Requirement[] | undefined;
  return {
    ...read(CONTRACT),
    get requirements() {
      return (requirements ??= read(REQUIREMENTS));
    },
  };
}
