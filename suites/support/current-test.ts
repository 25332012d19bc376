import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange } from '../../reports/run.ts';

/** State of the running test, kept after its timeout, so that a late response is recorded with the right test. */
export interface CurrentTest {
  requirement: string;
  readOnlySafe: boolean;
  exchanges: Exchange[];
  cleanups: (() => Promise<void>)[];
  /** The fault that a mutation run applies to this test. */
  fault?: string;
}

const storage = new AsyncLocalStorage<CurrentTest>();

/** Runs a test with its own state. */
export const runAs = <T>(test: CurrentTest, body: () => T): T => storage.run(test, body);

/** The running test; undefined in a hook. */
export const currentTest = (): CurrentTest | undefined => storage.getStore();
