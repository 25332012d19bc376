import type { Spec } from '../spec/index.ts';
import type { Background } from './background.ts';
import type { Clock } from './clock.ts';
import type { Blobs } from './files/blobs.ts';
import type { LogBuffer } from './logs.ts';
import type { Builds } from './runs/builds.ts';
import type { Store } from './store/store.ts';

/** What a mock is told when it starts. */
export interface Settings {
  /** The profile it behaves like: `1.7`. */
  version: string;
  /** The superuser that exists from the start. */
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
  /** Lines of its own log that GET /logs tells: LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE; 0 turns it off. */
  logBuffer: number;
  /** A catalogue that was recorded from a deployment (the answer of GET /api/v1/all); without, our own. */
  catalogue: object | undefined;
}

/** A running mock as its handlers see it. */
export interface Mock {
  spec: Spec;
  settings: Settings;
  store: Store;
  /** Where large files are. */
  blobs: Blobs;
  clock: Clock;
  logs: LogBuffer;
  builds: Builds;
  background: Background;
  /** Signs tokens and encrypts values; new for each mock unless it is told or seeded. */
  secret: Uint8Array;
}
