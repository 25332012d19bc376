/** How the suite logs in: user name and password, an API key, or a bearer token. */
export type Credentials = { username: string; password: string } | { apiKey: string } | { token: string };

export type TargetKind = 'mock' | 'url' | 'package' | 'image';

/** A deployment to judge; disposing of it ends what was started for it. */
export interface Target extends AsyncDisposable {
  kind: TargetKind;
  /** The text that chose the target, in full; for reports. */
  name: string;
  /** Without a slash at the end. */
  url: string;
  credentials: Credentials;
  /** The key that it signs tokens with (LANGFLOW_SECRET_KEY), if known. */
  signingKey?: string;
  /** What `/api/v1/version` must return, if known. */
  expects?: { package?: string; version?: string };
  /** What the deployment printed, if we started it. */
  logs(): string;
}

export interface TargetOptions {
  username?: string;
  password?: string;
  apiKey?: string;
  /** The mock's profile, such as '1.7'. */
  version?: string;
  /** Serve the web UI too (mock and package). */
  ui?: boolean;
  /** The environment in which commands are found, and which a package or image inherits; default process.env. */
  env?: NodeJS.ProcessEnv;
  /** Called with one line for each step. */
  progress?: (line: string) => void;
  patience?: Partial<Patience>;
}

/** In milliseconds. */
export interface Patience {
  /** From the start of the server until a login works. */
  start: number;
  /** After so long without new output or a new status, the server counts as hung. */
  quiet: number;
  /** For one response. */
  response: number;
  /** From SIGTERM to SIGKILL. */
  grace: number;
}

export const PATIENCE: Patience = { start: 300_000, quiet: 120_000, response: 5_000, grace: 5_000 };

/** The deployment can't be opened, so nothing was measured. The message says what failed, where, and what to do. */
export class TargetError extends Error {
  override name = 'TargetError';
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The last lines of a log, indented, to end an error message with. */
export function tail(log: string, lines = 25): string {
  const kept = log.trimEnd().split('\n').slice(-lines);
  return kept.map((line) => `    ${line}`).join('\n');
}
