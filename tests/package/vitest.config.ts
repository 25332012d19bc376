import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * `npm run test:package`: what a user gets from the registry, packed from this checkout and installed in empty folders.
 */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..'),
    include: ['tests/package/*.check.ts'],
    globalSetup: join(import.meta.dirname, 'setup.ts'),
    testTimeout: 240_000,
    hookTimeout: 240_000,
    maxWorkers: 1,
  },
});
