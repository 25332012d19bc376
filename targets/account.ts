import { randomBytes } from 'node:crypto';
import { TargetError, type TargetOptions } from './target.ts';

/**
 * The superuser of a server that we start. The password is a new one each time, so that another server which took the
 * port can't be taken for ours.
 *
 * @throws TargetError for an API key: a fresh server has none
 */
export function account(options: TargetOptions): { username: string; password: string } {
  if (options.apiKey !== undefined) {
    throw new TargetError('An API key is for a URL: this target is started afresh and has no keys; leave --api-key out');
  }
  return { username: options.username ?? 'langflow', password: options.password ?? `pass-${randomBytes(12).toString('hex')}` };
}

/** For LANGFLOW_SECRET_KEY: of the form that Langflow makes for itself. */
export const newSigningKey = (): string => randomBytes(32).toString('base64url');

/** How a Langflow that we start is set up. */
export function langflowSettings({ username, password }: { username: string; password: string }, signingKey: string) {
  return {
    LANGFLOW_SECRET_KEY: signingKey,
    LANGFLOW_SUPERUSER: username,
    LANGFLOW_SUPERUSER_PASSWORD: password,
    LANGFLOW_AUTO_LOGIN: 'false',
    DO_NOT_TRACK: 'true',
  };
}
