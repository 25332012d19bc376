import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../fixtures/build-flow.ts';
import type { Mock } from '../mock.ts';

export type { Catalogue };

/**
 * The components that the flow engine supports. Their fields are those of Langflow 1.7.3; their code only names the
 * original.
 */
const OWN_CATALOGUE = join(import.meta.dirname, '..', '..', 'fixtures', 'catalogue.json');

const read = new WeakMap<Mock, Catalogue>();

/** Our own catalogue, parsed at each call. */
export const ownCatalogue = (): Catalogue => JSON.parse(readFileSync(OWN_CATALOGUE, 'utf8'));

/** The catalogue of a mock: our own, or one recorded from a deployment. */
export function catalogueOf(mock: Mock): Catalogue {
  let catalogue = read.get(mock);
  if (!catalogue) {
    catalogue = (mock.settings.catalogue as Catalogue | undefined) ?? ownCatalogue();
    read.set(mock, catalogue);
  }
  return catalogue;
}
