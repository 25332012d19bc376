import { randomBytes } from 'node:crypto';
import { TargetError, type TargetOptions } from './target.ts';

/**
 * The superuser of a deployment that we start. The password is new each time, so that another server on the same port
 * can't be mistaken for ours.
 *
 * @throws TargetError for an API key: a fresh server has none
 */
export function account(options: TargetOptions): { username: string; password: string } {
  if (options.apiKey !== undefined) {
    throw new TargetError('--api-key works for a URL only: a deployment that flowpact starts has no API keys yet');
  }
  return {
    username: options.username ?? 'langflow',
    password: options.password ?? `pass-${randomBytes(12).toString('hex')}`,
  };
}

/** A value for LANGFLOW_SECRET_KEY, in the form that Langflow generates itself. */
export const newSigningKey = (): string => randomBytes(32).toString('base64url');

/** The environment variables of a Langflow that we start. */
export function langflowSettings({ username, password }: { username: string; password: string }, signingKey: string) {
  return {
    LANGFLOW_SECRET_KEY: signingKey,
    LANGFLOW_SUPERUSER: username,
    LANGFLOW_SUPERUSER_PASSWORD: password,
    LANGFLOW_AUTO_LOGIN: 'false',
    DO_NOT_TRACK: 'true',
  };
}
