import { randomBytes } from 'node:crypto';
import { DEFAULT_VERSION, loadSpec } from '../spec/index.ts';
import { hashPassword, withHashedPasswords } from './auth/passwords.ts';
import { Background } from './background.ts';
import { type Clock, isoNaive, seededClock, systemClock } from './clock.ts';
import { Blobs } from './files/blobs.ts';
import { withBlobs, withBytes } from './files/snapshot.ts';
import { claimBlobs, sweepBlobs } from './files/storage.ts';
import type { PrismEngine } from './http/prism.ts';
import { createFront } from './http/server.ts';
import { LogBuffer } from './logs.ts';
import { prepareAutoLogin } from './mcp/starter-server.ts';
import type { Mock, Settings } from './mock.ts';
import { handlers, socketHandlers } from './routes/index.ts';
import { Builds } from './runs/builds.ts';
import { checkRows } from './store/check-rows.ts';
import type { Journal } from './store/journal.ts';
import { openStore, type Snapshot, type Store } from './store/store.ts';

export interface MockOptions extends Partial<Settings> {
  /** Default 7860; 0 for any free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** A SQLite file that keeps the state; without it the state is in memory. */
  db?: string;
  /** Where the state is kept, instead of a file. */
  journal?: Journal;
  /**
   * The first rows, by table, in the form of `snapshot()`. Passwords of users may be plain text. Refused with a `db`
   * that already holds state.
   */
  seed?: Partial<Snapshot>;
  /** LANGFLOW_SECRET_KEY: signs tokens, encrypts values; by default a new one at each start. */
  secretKey?: string;
  /** A seed: ids and times are the same in every run. */
  deterministic?: string;
  /** Checks each response against the contract with Prism. A response that violates it becomes a 500. */
  checkResponses?: boolean;
  /** A folder with the files of the web UI (`langflow/frontend` of the Python package), served beside the API. */
  ui?: string;
  log?: boolean;
}

/** A mock that accepts requests. */
export interface RunningMock extends AsyncDisposable {
  url: string;
  /** Ends all background work, then restores the state of the start. */
  reset(): Promise<void>;
  snapshot(): Snapshot;
  /** @throws Error that names the table, row and column of each bad value; then the state is unchanged */
  restore(snapshot: Partial<Snapshot>): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_HOST = '127.0.0.1';

/**
 * Starts a mock of the Langflow API. Two mocks in one process share nothing.
 *
 * @throws Error when the port is in use, the version has no profile, or the database can't be used; the message says
 * what to do
 */
export async function startMock(options: MockOptions = {}): Promise<RunningMock> {
  refuseNoHost(options.host ?? DEFAULT_HOST);
  const spec = await loadSpec(options.version ?? DEFAULT_VERSION);
  const settings = settingsFrom(options);
  const clock = options.deterministic === undefined ? systemClock : seededClock(options.deterministic);
  const journal =
    options.db === undefined ? options.journal : (await import('./store/journal.ts')).openSqliteJournal(options.db);
  const store = openStore(journal);
  const secretKey = options.secretKey ?? options.deterministic?.padEnd(32, '.');
  const secret = secretKey === undefined ? randomBytes(32) : Buffer.from(secretKey);
  const builds = new Builds();
  const logs = new LogBuffer(settings.logBuffer, clock.now);
  const background = new Background(logs);
  const blobs = new Blobs(options.db === undefined ? undefined : `${options.db}-files`);
  const mock: Mock = { spec, settings, store, blobs, clock, builds, background, secret, logs };
  try {
    return await serve(mock, options);
  } catch (error) {
    store.close();
    blobs.close();
    throw error;
  }
}

async function serve(mock: Mock, options: MockOptions): Promise<RunningMock> {
  const { spec, settings, store, blobs, clock, builds, background } = mock;
  claimBlobs(mock);
  if (options.seed) seed(mock, options.seed, options.db);
  store.unitOfWork(() => ensureSuperuser(store, settings, clock));
  let prism: Promise<PrismEngine> | undefined;
  const loadPrism = () => (prism ??= import('./http/prism.ts').then(({ createPrism }) => createPrism(spec)));
  const app = await createFront({
    ...{ mock, handlers, socketHandlers, prism: loadPrism, ui: options.ui },
    checkResponses: options.checkResponses ?? false,
    log: options.log ?? false,
  });
  const url = await listen(app, options.host ?? DEFAULT_HOST, options.port ?? 7860);
  // After listening, since the address of its MCP server contains the port.
  if (settings.autoLogin) store.unitOfWork(() => prepareAutoLogin(mock, new URL(url).host));
  const start = store.snapshot();
  for (const row of start.storedFiles) blobs.pin(row.blobs ?? []);
  const close = async () => {
    await background.stop();
    builds.clear();
    await app.close();
    // The last requests may have started more work.
    await background.stop();
    store.close();
    blobs.close();
  };
  const restore = async (snapshot: Partial<Snapshot>) => {
    await background.stop();
    builds.clear();
    store.restore(snapshot);
    blobs.releaseAll();
    sweepBlobs(mock);
  };
  return {
    url,
    snapshot: () => withBytes(store.snapshot(), blobs),
    restore: async (snapshot) => restore(withBlobs(checkSnapshot(snapshot), blobs)),
    reset: () => restore(start),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** @throws Error for invalid rows (check-rows.ts), or if the store already has rows, which the seed would replace */
function seed({ store, blobs }: Mock, rows: Partial<Snapshot>, db: string | undefined): void {
  if (Object.values(store.snapshot()).some((table) => table.length > 0))
    throw new Error(
      `${db ?? 'The journal'} already holds state, which a seed would replace: start without the seed, or with another file`,
    );
  store.restore(withBlobs(checkSnapshot(rows), blobs));
}

/** A snapshot from outside, checked, with hashed passwords. */
function checkSnapshot(snapshot: Partial<Snapshot>): Partial<Snapshot> {
  checkRows(snapshot);
  return snapshot.users ? { ...snapshot, users: withHashedPasswords(snapshot.users) } : snapshot;
}

function settingsFrom(options: MockOptions): Settings {
  return {
    version: options.version ?? DEFAULT_VERSION,
    username: options.username ?? 'langflow',
    password: options.password ?? 'langflow',
    autoLogin: options.autoLogin ?? false,
    skipAuthAutoLogin: options.skipAuthAutoLogin ?? false,
    newUserIsActive: options.newUserIsActive ?? false,
    webhookAuth: options.webhookAuth ?? false,
    accessTokenSeconds: options.accessTokenSeconds ?? 3600,
    refreshTokenSeconds: options.refreshTokenSeconds ?? 604800,
    maxFileSizeUpload: options.maxFileSizeUpload ?? 1024,
    logBuffer: options.logBuffer ?? 0,
    catalogue: options.catalogue,
  };
}

function ensureSuperuser(store: Store, settings: Settings, clock: Clock): void {
  if (store.users.find({ username: settings.username })) return;
  const now = isoNaive(clock.now());
  store.users.insert({
    id: clock.uuid(),
    username: settings.username,
    password: hashPassword(settings.password),
    profile_image: null,
    store_api_key: null,
    is_active: true,
    is_superuser: true,
    create_at: now,
    updated_at: now,
    last_login_at: null,
    optins: { github_starred: false, dialog_dismissed: false, discord_clicked: false },
  });
}

/** Refuses an empty or blank host, for which Node would listen on every address. */
function refuseNoHost(host: string): void {
  if (host.trim() !== '') return;
  throw new Error(
    'The host is empty: name an address to listen on, such as 127.0.0.1, or 0.0.0.0 for every one of this machine',
  );
}

async function listen(app: Awaited<ReturnType<typeof createFront>>, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(
        `Port ${port} on ${host} is in use: stop what listens there, or choose another with --port (0 takes any free one)`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') throw new Error(`Can't listen on ${host}:${port}: ${message}`);
    throw error;
  }
}
