import { account, newSigningKey } from './account.ts';
import { messageOf, type Target, TargetError, type TargetOptions } from './target.ts';

/** The embedded mock, on a free port. */
export async function openMock(options: TargetOptions): Promise<Target> {
  const { startMock } = await import('../mock/index.ts');
  const credentials = account(options);
  const signingKey = newSigningKey();
  const { version } = options;
  try {
    const { url, close } = await startMock({ port: 0, ...credentials, secretKey: signingKey, ...(version !== undefined && { version }) });
    return { kind: 'mock', name: 'mock', url, credentials, signingKey, logs: () => '', [Symbol.asyncDispose]: close };
  } catch (error) {
    throw new TargetError(`The mock did not start: ${messageOf(error)}`, { cause: error });
  }
}
