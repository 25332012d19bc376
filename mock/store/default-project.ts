import type { Mock } from '../mock.ts';
import type { ProjectRow } from './tables.ts';

export const DEFAULT_PROJECT = 'Starter Project';

/**
 * Finds the project that every user has, or creates it. As on a real server, it is created again after it was renamed.
 */
export function ensureDefaultProject({ store, clock }: Pick<Mock, 'store' | 'clock'>, userId: string): ProjectRow {
  return (
    store.projects.find({ user_id: userId, name: DEFAULT_PROJECT }) ??
    store.projects.insert({
      id: clock.uuid(),
      name: DEFAULT_PROJECT,
      description: 'Manage your own flows. Download and upload projects.',
      parent_id: null,
      auth_settings: null,
      user_id: userId,
    })
  );
}
