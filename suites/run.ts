import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Level, Run } from '../reports/run.ts';
import { loadSpec, type Spec } from '../spec/index.ts';
import { probeCapabilities, probeUiPage } from './runner/capabilities.ts';
import { Collector } from './runner/collector.ts';
import { conclude } from './runner/conclusion.ts';
import { leftovers, listAll, removeRemaining } from './runner/leftovers.ts';
import { NotMeasured } from './runner/not-measured.ts';
import { watchForOutage } from './runner/outage.ts';
import { makePeople, type People } from './runner/people.ts';
import { type Credentials, preflight, type TargetInfo } from './runner/preflight.ts';
import { indexSuites, select } from './runner/selection.ts';
import { runVitest } from './runner/vitest-run.ts';
import { probeVoice } from './runner/voice.ts';
import { readWaivers, waiverFaults } from './runner/waivers.ts';
import type { CaseReport } from './support/requirement.ts';
import type { Fault, RunContext } from './support/run-context.ts';

export interface SuiteOptions {
  target: { kind: Run['target']['kind']; name: string; url: string };
  credentials: Credentials;
  /** The key that the deployment signs tokens with, if known. */
  signingKey?: string;
  tool: Run['tool'];
  /** Requirement ids, their prefixes, areas or operationIds; empty: all. */
  only?: string[];
  level?: Level;
  waiversFile?: string;
  readOnly?: boolean;
  allowDisruptive?: boolean;
  /** Judge the deployment by this version's contract, whatever version it reports. */
  profile?: string;
  workers?: number;
  requestTimeoutMs?: number;
  /** Arguments, other than `--only`, of the command that runs a requirement again. */
  rerunArguments?: string;
  onStart?: (start: { checked: TargetInfo; profile: string; requirements: number }) => void;
  onCase?: (report: CaseReport) => void;
  /** Called from time to time with the run so far, and at the end. */
  onUpdate?: (run: Run) => void;
  signal?: AbortSignal;
  faults?: Fault[];
  /** Keep whole bodies in the reported cases; by default they are clipped. */
  wholeBodies?: boolean;
}

/**
 * Judges a deployment: pre-flight, tests, clean-up, verdict.
 *
 * @throws NotMeasured if the deployment can't be judged; nothing was created on it then
 */
export async function runSuites(options: SuiteOptions): Promise<Run> {
  const url = options.target.url.replace(/\/+$/, '');
  const checked = await preflight(url, options.credentials);
  const spec = await contractFor(checked.release, options.profile);
  const waivers = options.waiversFile ? readWaivers(options.waiversFile) : [];
  const { selected, reasons } = select(spec, { only: options.only ?? [], level: options.level ?? 'MAY' });
  const index = indexSuites();
  const files = [...new Set(selected.flatMap((requirement) => index.get(requirement.id) ?? []))];
  options.onStart?.({ checked, profile: spec.version, requirements: selected.length });

  const rerun = (id: string) => ['flowpact certify', options.rerunArguments, `--only ${id}`].filter(Boolean).join(' ');
  const collector = new Collector({ spec, selected, reasons, index, waivers, rerun });
  const session = await openSession(
    url,
    checked,
    spec,
    selected.map((requirement) => requirement.id),
    options,
  );
  const outage = new AbortController();
  const signal = AbortSignal.any([outage.signal, ...(options.signal ? [options.signal] : [])]);
  const watch = watchForOutage(
    () => preflight(url, options.credentials),
    (reason) => outage.abort(`The deployment stopped responding, so the remaining tests did not run: ${reason}`),
  );
  const snapshot = (status: Run['status']): Run =>
    assemble({
      options,
      url,
      checked,
      spec,
      collector,
      session,
      status,
      ...(outage.signal.aborted && { outage: outage.signal.reason }),
      faults: status === 'complete' ? waiverFaults(waivers, spec, verdictsOf(collector), today()) : [],
    });
  const update = throttled(() => options.onUpdate?.(snapshot('incomplete')));
  try {
    const listener = {
      onCase: (report: CaseReport) => {
        collector.add(report);
        watch(report);
        options.onCase?.(report);
        update();
      },
      onBroken: (file: string, name: string | undefined, message: string) => {
        const ids = name
          ? [name.split(' ')[0] as string]
          : selected.map(({ id }) => id).filter((id) => index.get(id)?.includes(basename(file)));
        for (const id of ids) collector.addError(id, name ?? basename(file), message);
      },
    };
    await runVitest(files, session.context, session.workers, listener, signal);
  } finally {
    await session.close();
  }
  const run = snapshot(signal.aborted ? 'incomplete' : 'complete');
  options.onUpdate?.(run);
  return run;
}

/** With SQLite, Langflow waits up to 30 s for a lock (its busy_timeout) before it responds. */
const REQUEST_TIMEOUT_MS = 40_000;

const today = (): string => new Date().toISOString().slice(0, 10);
const verdictsOf = (collector: Collector) =>
  new Map(collector.requirements().map((result) => [result.id, result.verdict]));

/** Calls the action at most once in two seconds: a report has some megabytes. */
function throttled(action: () => void): () => void {
  let last = Date.now();
  return () => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    action();
  };
}

/** The contract of a release: 1.7.3 -> profile 1.7. */
async function contractFor(release: string, wanted: string | undefined): Promise<Spec> {
  const version = wanted ?? release.split('.').slice(0, 2).join('.');
  try {
    return await loadSpec(version);
  } catch (error) {
    throw new NotMeasured(
      `${(error as Error).message}${wanted ? '' : `: the deployment is Langflow ${release}. --profile judges it by another version's contract`}`,
    );
  }
}

interface Session {
  context: RunContext;
  workers: number;
  startedAt: number;
  notes: string[];
  /** Filled when the session is closed. */
  leftovers: string[];
  close(): Promise<void>;
}

/** Creates the users of the run and a folder that the workers share; closing it removes what is left. */
async function openSession(
  url: string,
  checked: TargetInfo,
  spec: Spec,
  selected: string[],
  options: SuiteOptions,
): Promise<Session> {
  const runId = randomBytes(3).toString('hex');
  const startedAt = Date.now();
  const { admin } = checked;
  const before = await listAll(url, admin);
  const people: People = options.readOnly
    ? { pairs: [{ alice: admin, bob: null }], removals: [] }
    : await makePeople(url, admin, runId, options.workers ?? 2);
  const uiPage = await probeUiPage(url);
  // Opening a voice session takes a moment: only probed if a selected requirement needs one.
  const openAiKey = process.env['FLOWPACT_OPENAI_API_KEY'];
  const asked = spec.requirements.some(({ id, capability }) => capability === 'voice-session' && selected.includes(id));
  const voice = asked
    ? await probeVoice(url, people.pairs[0]?.alice ?? admin, openAiKey)
    : 'no selected requirement needs a voice session';
  const shared = mkdtempSync(join(tmpdir(), 'flowpact-'));
  const journal = join(shared, 'journal.jsonl');
  writeFileSync(journal, '', { mode: 0o600 });
  for (const removal of people.removals)
    appendFileSync(journal, `${JSON.stringify({ made: removal.path, removal })}\n`);
  const session: Session = {
    context: {
      ...{
        runId,
        url,
        profile: spec.version,
        release: checked.release,
        startedAt,
        admin,
        people: people.pairs,
        selected,
        shared,
      },
      ...(people.noSecondUser && { noSecondUser: people.noSecondUser }),
      ...(uiPage !== undefined && { uiPage }),
      ...(options.signingKey && { signingKey: options.signingKey }),
      readOnly: options.readOnly ?? false,
      allowDisruptive: options.allowDisruptive ?? false,
      ...(openAiKey && { openAiKey }),
      capabilities: { ...(await probeCapabilities(url, checked, people, options.signingKey)), 'voice-session': voice },
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      testTimeoutMs: (options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS) * 2,
      ...(options.faults && { faults: options.faults }),
      ...(options.wholeBodies && { wholeBodies: true }),
    },
    // Tests that share the deployment's own user must not run at the same time.
    workers: people.pairs.length > 1 || options.readOnly ? (options.workers ?? 2) : 1,
    startedAt,
    notes: people.noSecondUser ? [`No second user: ${people.noSecondUser}`] : [],
    leftovers: [],
    close: async () => {
      const unanswered = await removeRemaining(url, journal);
      session.leftovers = unanswered.length > 0 ? unanswered : await leftovers(url, admin, before, runId);
      rmSync(shared, { recursive: true, force: true });
    },
  };
  return session;
}

interface RunParts {
  options: SuiteOptions;
  url: string;
  checked: TargetInfo;
  spec: Spec;
  collector: Collector;
  session: Session;
  status: Run['status'];
  /** Why the run ended before its last test, if it did. */
  outage?: string;
  faults: string[];
}

function assemble({ options, url, checked, spec, collector, session, status, outage, faults }: RunParts): Run {
  const requirements = collector.requirements();
  const conclusion =
    status === 'complete'
      ? conclude(requirements, faults)
      : { verdict: 'not-measured' as const, exitCode: 2 as const, notes: [outage ?? 'The run did not end'] };
  return {
    schemaVersion: 1,
    tool: options.tool,
    id: session.context.runId,
    status,
    startedAt: new Date(session.startedAt).toISOString(),
    durationMs: Date.now() - session.startedAt,
    target: { ...options.target, url, version: checked.release, package: checked.package },
    profile: spec.version,
    selection: {
      only: options.only ?? [],
      level: options.level ?? 'MAY',
      readOnly: options.readOnly ?? false,
      allowDisruptive: options.allowDisruptive ?? false,
    },
    ...conclusion,
    notes: [
      ...session.notes,
      ...conclusion.notes,
      ...collector.unjudgedViolations().map((fault) => `violates the contract (not selected, so not judged): ${fault}`),
    ],
    requirements,
    matrix: collector.matrix(),
    operations: spec.operations.map(({ operationId, method, path, tag }) => ({ operationId, method, path, tag })),
    extras: collector.extras(),
    leftovers: session.leftovers,
  };
}
