import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../fixtures/build-flow.ts';
import type { Mock } from '../mock.ts';

export type { Catalogue };

/** Components that the flow engine knows; their fields are those of Langflow 1.7.3, their code only names the real one. */
const OWN_CATALOGUE = join(import.meta.dirname, '..', '..', 'fixtures', 'catalogue.json');

const read = new WeakMap<Mock, Catalogue>();

/** Our own, read anew. */
export const ownCatalogue = (): Catalogue => JSON.parse(readFileSync(OWN_CATALOGUE, 'utf8'));

/** The components of a mock: its own, or those that were recorded from a deployment. */
export function catalogueOf(mock: Mock): Catalogue {
  let catalogue = read.get(mock);
  if (!catalogue) {
    catalogue = (mock.settings.catalogue as Catalogue | undefined) ?? ownCatalogue();
    read.set(mock, catalogue);
  }
  return catalogue;
}
