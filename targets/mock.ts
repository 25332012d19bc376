import { account, newSigningKey } from './account.ts';
import { messageOf, type Target, TargetError, type TargetOptions } from './target.ts';

/** The embedded mock, on a free port. */
export async function openMock(options: TargetOptions): Promise<Target> {
  const { startMock } = await import('../mock/index.ts');
  const credentials = account(options);
  const signingKey = newSigningKey();
  const { version } = options;
  const ui = options.ui ? await uiFiles(options) : undefined;
  try {
    const { url, close } = await startMock({
      port: 0,
      ...credentials,
      secretKey: signingKey,
      ...(version !== undefined && { version }),
      ...(ui !== undefined && { ui }),
    });
    return { kind: 'mock', name: 'mock', url, credentials, signingKey, logs: () => '', [Symbol.asyncDispose]: close };
  } catch (error) {
    throw new TargetError(`The mock did not start: ${messageOf(error)}`, { cause: error });
  }
}

/** The web UI's files of the default release. */
async function uiFiles({ env = process.env, progress = () => {} }: TargetOptions): Promise<string> {
  const { frontendOf } = await import('./venv.ts');
  const { DEFAULT_RELEASE, releaseOf } = await import('./releases.ts');
  return frontendOf(releaseOf(DEFAULT_RELEASE), env, progress);
}
