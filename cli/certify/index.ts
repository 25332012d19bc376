import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { missingPeers, type Peer } from '../../mock/peers.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { REPORT_FILES, ReportError, reporters, writeReports } from '../../reports/index.ts';
import type { Run } from '../../reports/run.ts';
import { NotMeasured } from '../../suites/runner/not-measured.ts';
import { openTarget, parseTarget, type Target, TargetError, type TargetOptions } from '../../targets/index.ts';
import { type CertifyOptions, readOptions } from './options.ts';
import { Progress } from './progress.ts';

/** Runs `flowpact certify`. @returns the exit code: 0 conformant, 1 not, 2 could not be measured */
export async function certify(command: Command): Promise<number> {
  const progress = new Progress();
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    const options = readOptions(command);
    refuseWithoutPeers(options.target);
    await using target = await openTarget(options.target, targetOptions(options, progress));
    const run = await judge(options, target, progress, interrupted.signal);
    return run.exitCode;
  } catch (error) {
    progress.say(
      error instanceof NotMeasured || error instanceof TargetError
        ? `Could not be measured: ${error.message}`
        : `Could not be measured because of an error in flowpact: ${(error as Error).stack}`,
    );
    return 2;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Packages that a kind of target needs in addition to those that run the tests. */
const NEEDED: Partial<Record<Target['kind'], Peer>> = { mock: 'pyodide', image: 'testcontainers' };

function refuseWithoutPeers(target: string): void {
  const { kind } = parseTarget(target);
  const extra = NEEDED[kind];
  const missing = missingPeers(`certify --target ${kind}`, ['vitest', 'pactum', ...(extra ? [extra] : [])]);
  if (missing !== undefined) throw new NotMeasured(missing);
}

const targetOptions = ({ username, password, apiKey, profile }: CertifyOptions, progress: Progress): TargetOptions => ({
  ...(username && { username }),
  ...(password && { password }),
  ...(apiKey && { apiKey }),
  ...(profile && { version: profile }),
  progress: (line) => progress.say(line),
});

async function judge(options: CertifyOptions, target: Target, progress: Progress, signal: AbortSignal): Promise<Run> {
  let out = '';
  const write = (run: Run): void => {
    out ||= folderFor(options, run);
    writeData(run, out);
  };
  // Loads vitest: imported after the check for missing peers.
  const { runSuites } = await import('../../suites/run.ts');
  const run = await runSuites({
    target: { kind: target.kind, name: target.name, url: target.url },
    credentials: target.credentials,
    ...(target.signingKey && { signingKey: target.signingKey }),
    tool: { name: 'flowpact', version: packageJson.version },
    only: options.only ?? [],
    level: options.level,
    ...(options.waivers && { waiversFile: options.waivers }),
    ...(options.profile && { profile: options.profile }),
    ...(options.timeout && { requestTimeoutMs: options.timeout * 1000 }),
    readOnly: options.readOnly ?? false,
    allowDisruptive: options.allowDisruptive ?? false,
    rerunArguments: options.target === 'mock' ? '' : `--target ${options.target}`,
    onStart: ({ checked, profile, requirements }) => {
      progress.start(requirements);
      progress.say(
        `${checked.package} ${checked.release} at ${target.url}: ${requirements} requirements of contract ${profile}`,
      );
    },
    onCase: (report) => progress.case(report),
    onUpdate: write,
    signal,
  });
  writeReports(run, out);
  progress.say(`${reporters.terminal(run)}report: ${join(out, REPORT_FILES.html)}`);
  return run;
}

function folderFor(options: CertifyOptions, run: Run): string {
  const out = options.out ?? join('reports', 'out', `${run.startedAt.replaceAll(/[:.]/g, '-')}-${run.id}`);
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new NotMeasured(`The report can't be written to ${out}: ${(error as Error).message}`);
  }
  return out;
}

/**
 * Writes run.json during the run: to another file that is then renamed, so that a crash leaves the last complete one.
 */
function writeData(run: Run, out: string): void {
  try {
    writeFileSync(join(out, 'run.json.part'), reporters.json(run), { mode: 0o600 });
    renameSync(join(out, 'run.json.part'), join(out, 'run.json'));
  } catch (error) {
    throw new ReportError(`The report can't be written to ${out}: ${(error as Error).message}`);
  }
}
