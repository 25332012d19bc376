import type { Spec } from '../spec/index.ts';
import type { Background } from './background.ts';
import type { Clock } from './clock.ts';
import type { Blobs } from './files/blobs.ts';
import type { LogBuffer } from './logs.ts';
import type { Builds } from './runs/builds.ts';
import type { Store } from './store/store.ts';

/** The settings of a mock at its start. */
export interface Settings {
  /** The profile that the mock follows: `1.7`. */
  version: string;
  /** The superuser, who exists from the start. */
  username: string;
  password: string;
  /** LANGFLOW_AUTO_LOGIN: `/auto_login` gives the superuser's token to anyone. */
  autoLogin: boolean;
  /** LANGFLOW_SKIP_AUTH_AUTO_LOGIN: with autoLogin, no credential means the superuser. */
  skipAuthAutoLogin: boolean;
  /** LANGFLOW_NEW_USER_IS_ACTIVE */
  newUserIsActive: boolean;
  /** LANGFLOW_WEBHOOK_AUTH_ENABLE */
  webhookAuth: boolean;
  /** Seconds. */
  accessTokenSeconds: number;
  refreshTokenSeconds: number;
  /** MiB: LANGFLOW_MAX_FILE_SIZE_UPLOAD. */
  maxFileSizeUpload: number;
  /** How many lines of the mock's own log GET /logs returns: LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE; 0 turns it off. */
  logBuffer: number;
  /** A component catalogue recorded from a deployment (the response of GET /api/v1/all); undefined for our own. */
  catalogue: object | undefined;
}

/** A running mock, as its handlers use it. */
export interface Mock {
  spec: Spec;
  settings: Settings;
  store: Store;
  /** The contents of large files. */
  blobs: Blobs;
  clock: Clock;
  logs: LogBuffer;
  builds: Builds;
  background: Background;
  /** Signs tokens and encrypts values. New for each mock unless it is set or seeded. */
  secret: Uint8Array;
}
