import type { Operation } from '../spec/index.ts';
import {
  alice,
  badKey,
  badToken,
  combine,
  credentials,
  deletedUser,
  inactiveUser,
  revokedKey,
  tokens,
} from './support/bad-credentials.ts';
import {
  type As,
  apiKeyOf,
  type Credential,
  call,
  callById,
  context,
  expect,
  makeCredential,
  people,
  person,
  requirement,
  spec,
  tokenOf,
} from './support/index.ts';
import {
  authorizedUser,
  expectAccepted,
  expectRefused,
  harmlessRequest,
  type OperationCase,
  operationsFor,
  wellFormedRequest,
} from './support/probe.ts';
import { requestText, wire } from './support/wire.ts';

const secured = operationsFor('secured');
const withBearer = secured.filter(({ schemes }) => schemes.has('bearer'));
const keysAlone = secured.filter(({ schemes }) => !schemes.has('bearer'));
const withKeys = secured.filter(({ schemes }) => schemes.has('apiKeyHeader'));
/** The operations that the run's credential may call. */
const open = (cases: OperationCase[]): OperationCase[] =>
  cases.filter((one) => !one.superuser || context.admin.superuser);
const some = (id: string): OperationCase[] =>
  operationsFor(spec.requirements.find((entry) => entry.id === id)?.operations ?? []);
const bearerAmong = (cases: OperationCase[]): OperationCase[] => cases.filter(({ schemes }) => schemes.has('bearer'));

const refused = (status: number, as: () => As | Promise<As>) => async (one: OperationCase) => {
  await expectRefused(status, one, await as());
};
const readOnly = { readOnly: true };

// No credential.
requirement.each(
  'AUTH-001',
  secured,
  async (one) => {
    await callById(one.operationId, { ...(await wellFormedRequest(one)), as: null }).expectStatus(403);
  },
  readOnly,
);
requirement.each(
  'AUTH-002',
  some('AUTH-002'),
  async (one) => {
    for (const value of ['Basic dXNlcjpwYXNz', 'Token abc', 'Bearer', 'nothing']) {
      await expectRefused(403, one, { label: 'another scheme', headers: { authorization: value } });
    }
  },
  readOnly,
);
requirement.each(
  'AUTH-003',
  some('AUTH-003'),
  async (one) => {
    await expectRefused(403, one, makeCredential('header', '', 'empty key'));
    await expectRefused(403, one, makeCredential('query', '', 'empty key'));
  },
  readOnly,
);

// Invalid bearer tokens.
requirement.each(
  'AUTH-004',
  withBearer,
  refused(401, () => badToken),
  readOnly,
);
requirement.each(
  'AUTH-005',
  bearerAmong(some('AUTH-005')),
  async (one) => {
    await expectRefused(401, one, tokens.signedByAnother());
    await expectRefused(401, one, tokens.unsigned());
  },
  readOnly,
);
requirement.each(
  'AUTH-006',
  withBearer,
  refused(401, () => tokens.expired()),
  readOnly,
);
requirement.each('AUTH-007', bearerAmong(some('AUTH-007')), refused(401, tokens.refreshToken), readOnly);
requirement.each('AUTH-008', bearerAmong(some('AUTH-008')), async (one) => {
  await expectRefused(401, one, makeCredential('bearer', await apiKeyOf(people.alice), 'API key as bearer'));
});
requirement.each(
  'AUTH-009',
  bearerAmong(some('AUTH-009')),
  refused(401, async () => (await inactiveUser()).bearer),
);
requirement.each(
  'AUTH-010',
  bearerAmong(some('AUTH-010')),
  refused(401, async () => (await deletedUser()).bearer),
);

// Invalid API keys.
requirement.each(
  'AUTH-020',
  secured,
  async (one) => {
    await expectRefused(403, one, badKey('header'));
    await expectRefused(403, one, badKey('query'));
  },
  readOnly,
);
requirement.each('AUTH-021', secured, async (one) => {
  await expectRefused(403, one, await revokedKey('header'));
  await expectRefused(403, one, await revokedKey('query'));
});
requirement.each(
  'AUTH-022',
  bearerAmong(some('AUTH-022')),
  refused(401, async () => (await inactiveUser()).key),
);
requirement.each(
  'AUTH-023',
  bearerAmong(some('AUTH-023')),
  refused(403, async () => (await inactiveUser()).key),
);
requirement.each(
  'AUTH-024',
  some('AUTH-024'),
  refused(403, async () => (await deletedUser()).key),
);
requirement.each(
  'AUTH-025',
  some('AUTH-025'),
  async (one) => {
    await expectRefused(403, one, makeCredential('header', people.alice.token ?? '', 'access token as key'));
  },
  readOnly,
);

// Valid credentials, sent in each way, with a request that changes nothing.
requirement.each(
  'AUTH-030',
  [...open(withBearer), ...keysAlone],
  async (one) => {
    const bearer = await credentials(authorizedUser(one), 'bearer');
    if (one.schemes.has('bearer')) await expectAccepted(one, bearer);
    else await expectRefused(403, one, bearer);
  },
  readOnly,
);
requirement.each('AUTH-031', open(withKeys), async (one) =>
  expectAccepted(one, await credentials(authorizedUser(one), 'header')),
);
requirement.each('AUTH-032', open(withKeys), async (one) =>
  expectAccepted(one, await credentials(authorizedUser(one), 'query')),
);
requirement.each(
  'AUTH-033',
  some('AUTH-033'),
  async (one) => expectRefused(403, one, await credentials('alice', 'cookie')),
  readOnly,
);
requirement.each(
  'AUTH-034',
  open(secured.filter(({ schemes }) => schemes.has('cookie'))),
  async (one) => expectAccepted(one, await credentials(authorizedUser(one), 'cookie')),
  readOnly,
);
requirement('AUTH-035', readOnly, async () => {
  for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
    await call('readCurrentUser', {
      as: { label: 'alice (bearer)', headers: { authorization: `${scheme} ${alice().token}` } },
    }).expectStatus(200);
  }
  await call('readCurrentUser', {
    as: { label: 'alice (key)', headers: { 'X-API-KEY': await apiKeyOf(people.alice) } },
  }).expectStatus(200);
});

// Several credentials in one request.
requirement.each('AUTH-040', bearerAmong(some('AUTH-040')), async (one) =>
  expectRefused(401, one, combine(badToken, await credentials('alice', 'header'))),
);
requirement.each(
  'AUTH-041',
  open(bearerAmong(some('AUTH-041'))),
  async (one) => {
    await expectAccepted(one, combine(await credentials(authorizedUser(one), 'bearer'), badKey('header')));
    await expectAccepted(one, combine(await credentials(authorizedUser(one), 'bearer'), badKey('query')));
  },
  readOnly,
);
requirement.each('AUTH-042', some('AUTH-042'), async (one) => {
  await expectAccepted(one, combine(await credentials('alice', 'query'), badKey('header')));
  await expectRefused(403, one, combine(badKey('query'), await credentials('alice', 'header')));
});
requirement.each('AUTH-043', some('AUTH-043'), async (one) => {
  const basic = { label: 'another scheme', headers: { authorization: 'Basic dXNlcjpwYXNz' } };
  await expectAccepted(one, combine(basic, await credentials('alice', 'header')));
});

/** The name of the user that these credentials stand for. */
const whois = async (as: As): Promise<string> => (await call('readCurrentUser', { as }).expectStatus(200)).body.id;

requirement('AUTH-044', async () => {
  const [first, second] = [await credentials('alice', 'bearer'), await credentials('bob', 'header')];
  expect(await whois(second)).toBe(person('bob').id);
  expect(await whois(combine(first, second))).toBe(people.alice.id);
});
requirement('AUTH-045', async () => {
  const [first, second] = [await credentials('alice', 'query'), await credentials('bob', 'header')];
  expect(await whois(second)).toBe(person('bob').id);
  expect(await whois(combine(first, second))).toBe(people.alice.id);
});
requirement('AUTH-046', async () => {
  expect(await whois(combine(await credentials('alice', 'bearer'), await credentials('bob', 'cookie')))).toBe(
    people.alice.id,
  );
});
requirement('AUTH-047', async () => {
  expect(await whois(combine(await credentials('alice', 'cookie'), await credentials('bob', 'header')))).toBe(
    people.alice.id,
  );
});

// Order of the checks, form and wording of the errors.
requirement.each(
  'AUTH-050',
  some('AUTH-050'),
  async (one) => {
    await expectRefused(403, one, null);
  },
  readOnly,
);
const kinds: [Credential | null, number][] = [
  [null, 403],
  [badToken, 401],
  [badKey('header'), 403],
];
requirement.each(
  'AUTH-051',
  some('AUTH-051'),
  async (one) => {
    for (const [as, status] of one.schemes.has('bearer') ? kinds : kinds.filter(([kind]) => kind !== badToken)) {
      const response = await expectRefused(status, one, as);
      expect(response.headers['content-type']).toMatch(/^application\/json/);
      expect(response.body).toEqual({ detail: expect.any(String) });
    }
  },
  readOnly,
);
requirement.each(
  'AUTH-052',
  bearerAmong(some('AUTH-052')),
  async (one) => {
    const response = await expectRefused(401, one, badToken);
    expect(response.headers['www-authenticate']).toBe('Bearer');
  },
  readOnly,
);
requirement.each(
  'AUTH-053',
  some('AUTH-053'),
  async (one) => {
    const wording = spec.facts['authDetails'] as Record<string, string>;
    const bearer = one.schemes.has('bearer');
    const missing = `${bearer ? 'missing' : 'keyOnlyMissing'}${context.capabilities['auto-login'] === true ? 'WithAutoLogin' : ''}`;
    expect((await expectRefused(403, one, null)).body.detail).toBe(wording[missing]);
    expect((await expectRefused(403, one, badKey('header'))).body.detail).toBe(
      bearer ? wording['badKey'] : wording['keyOnlyBad'],
    );
    if (bearer) expect((await expectRefused(401, one, badToken)).body.detail).toBe(wording['badToken']);
  },
  readOnly,
);

// A third party's responses may differ from one request to the next.
const openToAll = spec.operations.filter(
  ({ security, websocket, thirdParty }: Operation) => security.length === 0 && !websocket && !thirdParty,
);
requirement.each('AUTH-054', operationsFor(openToAll.map(({ operationId }) => operationId)), async (one) => {
  const options = await harmlessRequest(one);
  const without = await callById(one.operationId, { ...options, as: null });
  for (const as of [badToken, badKey('header'), badKey('query')]) {
    expect((await callById(one.operationId, { ...options, as })).status, as.label).toBe(without.status);
  }
});

const VARIABLES = '/api/v1/variables/';
/** The status of a request with these header lines, unchanged. */
const statusOf = async (lines: string[], query = '') =>
  (await wire(requestText('GET', VARIABLES + query, lines))).responses[0]?.status;

requirement('AUTH-055', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  expect(await statusOf([], `?x-api-key=${key}`)).toBe(200);
  for (const other of [`${key}%20`, `${key}+`, `%20${key}`, `${key}%09`])
    expect(await statusOf([], `?x-api-key=${other}`), other).toBe(403);
});

requirement('AUTH-056', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  for (const sent of [key, `  ${key}`, `\t${key}`]) expect(await statusOf([`x-api-key: ${sent}`]), sent).toBe(200);
  for (const sent of [`${key} `, `${key}   `, `${key}\t`])
    expect(await statusOf([`x-api-key: ${sent}`]), sent).toBe(403);
});

requirement('AUTH-057', readOnly, async () => {
  const token = await tokenOf(people.alice);
  expect(await statusOf([`Authorization:  Bearer ${token}`])).toBe(200);
  // Named by their form: the token itself opens something.
  for (const form of ['Bearer TOKEN ', 'Bearer TOKEN\t', 'Bearer  TOKEN'])
    expect(await statusOf([`Authorization: ${form.replace('TOKEN', String(token))}`]), form).toBe(401);
});

requirement('AUTH-058', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  expect(await statusOf([], `?x-api-key=none&x-api-key=${key}`)).toBe(200);
  expect(await statusOf([], `?x-api-key=${key}&x-api-key=none`)).toBe(403);
});
