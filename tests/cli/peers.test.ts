import { expect, it } from 'vitest';
import { missingPeers, PEERS, type Peer } from '../../mock/peers.ts';
import packageJson from '../../package.json' with { type: 'json' };

it('names the releases that this checkout is tested with', () => {
  for (const [name, release] of Object.entries(PEERS)) {
    expect(`${packageJson.devDependencies[name as Peer]}.`, name).toMatch(
      new RegExp(`^${release.replaceAll('.', '\\.')}\\.`),
    );
  }
  expect(Object.keys(packageJson.peerDependencies).sort()).toEqual(Object.keys(PEERS).sort());
  expect(Object.keys(packageJson.peerDependenciesMeta).sort()).toEqual(Object.keys(PEERS).sort());
});

it('finds none missing in the checkout', () => {
  expect(missingPeers('certify', ['vitest', 'pactum', 'testcontainers', 'pyodide'])).toBeUndefined();
});

it('accepts any release of them beside the mock, since npm would refuse to install it beside another vitest', () => {
  expect(new Set(Object.values(packageJson.peerDependencies))).toEqual(new Set(['*']));
});
