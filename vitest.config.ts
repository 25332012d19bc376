import { defineConfig } from 'vitest/config';

/** Tests of our own code. The conformance suites in suites/ are run by `flowpact certify`, never by this. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
