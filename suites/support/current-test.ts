import { AsyncLocalStorage } from 'node:async_hooks';
import type { Exchange } from '../../reports/run.ts';

/** What belongs to the test that is running: also after its time is over, so that a late answer lands where it belongs. */
export interface CurrentTest {
  requirement: string;
  readOnlySafe: boolean;
  exchanges: Exchange[];
  cleanups: (() => Promise<void>)[];
  /** The fault that a mutation run serves this test. */
  fault?: string;
}

const storage = new AsyncLocalStorage<CurrentTest>();

/** Runs a test with its own record. */
export const runAs = <T>(test: CurrentTest, body: () => T): T => storage.run(test, body);

/** The running test; undefined in a hook. */
export const currentTest = (): CurrentTest | undefined => storage.getStore();
