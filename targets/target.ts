/** How the suite logs in: an account, or a key that an account made. */
export type Credentials = { username: string; password: string } | { apiKey: string } | { token: string };

export type TargetKind = 'mock' | 'url' | 'package' | 'image';

/** A deployment under test; disposing of it ends what was started for it. */
export interface Target extends AsyncDisposable {
  kind: TargetKind;
  /** For reports: the text that chose it, written out in full. */
  name: string;
  /** Without a slash at the end. */
  url: string;
  credentials: Credentials;
  /** What it signs its tokens with (LANGFLOW_SECRET_KEY), where we know. */
  signingKey?: string;
  /** What `/api/v1/version` must say, where the target knows. */
  expects?: { package?: string; version?: string };
  /** What the deployment printed, as far as we can see it. */
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
  /** The environment that commands are looked for in, and that a package or image gets; default process.env. */
  env?: NodeJS.ProcessEnv;
  /** Told what is under way, one line each. */
  progress?: (line: string) => void;
  patience?: Partial<Patience>;
}

/** In milliseconds. */
export interface Patience {
  /** From the start of a server until a login works. */
  start: number;
  /** A server that prints nothing and answers nothing new for so long has hung. */
  quiet: number;
  /** One answer. */
  answer: number;
  /** From SIGTERM to SIGKILL. */
  grace: number;
}

export const PATIENCE: Patience = { start: 300_000, quiet: 120_000, answer: 5_000, grace: 5_000 };

/** The target can't be had: nothing was measured. The message says what, where and what to do. */
export class TargetError extends Error {
  override name = 'TargetError';
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The last lines of a log, indented, for the end of a message. */
export function tail(log: string, lines = 25): string {
  const kept = log.trimEnd().split('\n').slice(-lines);
  return kept.map((line) => `    ${line}`).join('\n');
}
