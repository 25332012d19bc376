import { join } from 'node:path';
import {
  BaseSequencer,
  createVitest,
  type Reporter,
  type TestCase,
  type TestModule,
  type TestSpecification,
} from 'vitest/node';
import type { CaseReport } from '../support/requirement.ts';
import type { RunContext } from '../support/run-context.ts';
import { SUITES } from './selection.ts';

export interface Listener {
  onCase(report: CaseReport): void;
  /**
   * A test ended without a report, or a file could not be loaded; the `name` of a test begins with its requirement's
   * id.
   */
  onBroken(file: string, name: string | undefined, message: string): void;
}

/** Runs suite files with vitest in this process, without any configuration file. */
export async function runVitest(
  files: string[],
  context: RunContext,
  workers: number,
  listener: Listener,
  signal?: AbortSignal,
): Promise<void> {
  const root = join(SUITES, '..');
  const vitest = await withoutSignalHandlers(() =>
    createVitest(
      {
        root,
        config: false,
        watch: false,
        include: files.map((file) => `suites/${file}`),
        // vitest excludes node_modules by default, where the installed suites are.
        exclude: [],
        pool: 'threads',
        // The tests share nothing but caches: one worker loads contract and validators once for all files.
        isolate: false,
        maxWorkers: workers,
        fileParallelism: workers > 1,
        ...(workers === 1 && { sequence: { sequencer: ByName } }),
        passWithNoTests: true,
        fsModuleCache: false,
        reporters: [reporterFor(listener)],
        provide: { flowpact: context },
        // Node strips the types itself: nothing to transform.
        experimental: { viteModuleRunner: false },
        // A busy deployment may take seconds; mutation runs have a short timeout, so their tests poll for a short time
        // only.
        expect: { poll: { timeout: context.requestTimeoutMs / 6 } },
        hookTimeout: context.testTimeoutMs,
        teardownTimeout: 2000,
        dangerouslyIgnoreUnhandledErrors: true,
      },
      // By default vitest's cache is in the folder of the suites, which may be read-only.
      { logLevel: 'silent', cacheDir: join(context.shared, 'vitest') },
    ),
  );
  const cancel = () => void vitest.cancelCurrentRun('keyboard-input');
  signal?.addEventListener('abort', cancel);
  try {
    if (!signal?.aborted) await vitest.start();
  } finally {
    signal?.removeEventListener('abort', cancel);
    await vitest.close();
    // vitest sets the exit code; the caller decides on its own.
    process.exitCode = 0;
  }
}

/**
 * Runs files in alphabetical order, so that two runs can be compared; vitest starts with the slowest file by default.
 */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Removes vitest's signal handlers: they end the process at once, before the run has removed what it created. */
async function withoutSignalHandlers<T>(make: () => Promise<T>): Promise<T> {
  const before = SIGNALS.map((signal) => process.listeners(signal));
  const made = await make();
  SIGNALS.forEach((signal, index) => {
    for (const listener of process.listeners(signal))
      if (!before[index]?.includes(listener)) process.off(signal, listener);
  });
  return made;
}

function reporterFor(listener: Listener): Reporter {
  return {
    onTestCaseResult(test: TestCase) {
      const report = test.meta().flowpact;
      if (report) return listener.onCase(report);
      const result = test.result();
      if (result.state === 'failed')
        listener.onBroken(test.module.relativeModuleId, test.name, result.errors[0]?.message ?? 'failed');
    },
    onTestModuleEnd(module: TestModule) {
      const error = module.errors()[0];
      if (error)
        listener.onBroken(
          module.relativeModuleId,
          undefined,
          `${error.message}${error.stack ? `\n${error.stack}` : ''}`,
        );
    },
    onUserConsoleLog: (log) => void process.stderr.write(log.content),
  };
}
