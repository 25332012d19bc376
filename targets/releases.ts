import releases from './releases.json' with { type: 'json' };
import { TargetError } from './target.ts';

/** What makes a Langflow release installable today as it was in its own time. */
export interface Release {
  version: string;
  /** The version of langflow-base that belongs to it. */
  base: string;
  /** Dependencies published later are left out: FastAPI's behaviour changed since. */
  excludeNewer?: string;
  /** Packages that the release needs to start, but does not ask for (or only in a form that wants a compiler). */
  extras: string[];
}

export const DEFAULT_RELEASE = '1.7.3';

/** The vendor's image of a release. */
export const vendorImage = (version: string) => `langflowai/langflow:${version}`;

/** @throws TargetError for a release that nobody tried */
export function releaseOf(version: string): Release {
  const table: Record<string, Omit<Release, 'version'>> = releases;
  const found = table[version];
  if (found) return { version, ...found };
  throw new TargetError(
    `Langflow ${version} is not in targets/releases.json, which has ${Object.keys(table).join(', ')}: take one of these, or add it there with its langflow-base version`,
  );
}
