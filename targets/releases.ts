import releases from './releases.json' with { type: 'json' };
import { TargetError } from './target.ts';

/** What it takes to install a Langflow release as it was when it was published. */
export interface Release {
  version: string;
  /** Its version of langflow-base. */
  base: string;
  /** Excludes dependencies published later: FastAPI's behaviour has changed since. */
  excludeNewer?: string;
  /** Packages that the release needs to start but does not require (or only in a form that needs a compiler). */
  extras: string[];
}

export const DEFAULT_RELEASE = '1.7.3';

/** The vendor's image of a release. */
export const vendorImage = (version: string) => `langflowai/langflow:${version}`;

/** @throws TargetError for a release that is not in releases.json */
export function releaseOf(version: string): Release {
  const table: Record<string, Omit<Release, 'version'>> = releases;
  const found = table[version];
  if (found) return { version, ...found };
  throw new TargetError(
    `Langflow ${version} is not in targets/releases.json, which has ${Object.keys(table).join(', ')}: use one of these, or add it there with its langflow-base version`,
  );
}
