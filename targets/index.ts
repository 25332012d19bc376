import { DEFAULT_RELEASE, vendorImage } from './releases.ts';
import { type Target, TargetError, type TargetOptions } from './target.ts';

export { type Target, TargetError, type TargetOptions } from './target.ts';

export const TARGET_GRAMMAR = 'mock, http(s)://…, image[:NAME], or package[:VERSION]';

/**
 * Opens a deployment: `mock`, `https://langflow.example`, `image:langflowai/langflow:1.7.3` (or `image:1.7.3`, the
 * vendor's),
 * `package:1.7.3`.
 *
 * @throws TargetError if that fails; nothing that was started is left running
 */
export async function openTarget(text: string, options: TargetOptions = {}): Promise<Target> {
  const { kind, rest } = parseTarget(text);
  switch (kind) {
    case 'mock':
      return (await import('./mock.ts')).openMock(options);
    case 'url':
      return (await import('./url.ts')).openUrl(rest, options);
    case 'package':
      return (await import('./package.ts')).openPackage(rest, options);
    case 'image':
      return (await import('./image.ts')).openImage(rest, options);
  }
}

/** @throws TargetError for any other text */
export function parseTarget(text: string): Pick<Target, 'kind'> & { rest: string } {
  if (/^https?:\/\//i.test(text)) return { kind: 'url', rest: text };
  const [, kind, rest] = /^(mock|package|image)(?::(.+))?$/.exec(text) ?? [];
  if (kind === 'mock' && rest === undefined) return { kind, rest: '' };
  if (kind === 'package') return { kind, rest: rest ?? DEFAULT_RELEASE };
  if (kind === 'image') return { kind, rest: imageName(rest ?? DEFAULT_RELEASE) };
  throw new TargetError(`"${text}" is not a target: give ${TARGET_GRAMMAR}`);
}

function imageName(rest: string): string {
  return /^\d+\.\d+\.\d+$/.test(rest) ? vendorImage(rest) : rest;
}
