import type { Operation } from '../spec/index.ts';
import { alice, badKey, badToken, both, credentials, gone, inactive, revokedKey, tokens } from './support/bad-credentials.ts';
import { type As, apiKeyOf, call, callById, context, expect, type Presented, people, person, present, requirement, spec, tokenOf } from './support/index.ts';
import { accepted, carefully, type OperationCase, operationsFor, privileged, refusedWith, wellFormed } from './support/probe.ts';
import { requestText, wire } from './support/wire.ts';

const secured = operationsFor('secured');
const withBearer = secured.filter(({ schemes }) => schemes.has('bearer'));
const keysAlone = secured.filter(({ schemes }) => !schemes.has('bearer'));
const withKeys = secured.filter(({ schemes }) => schemes.has('apiKeyHeader'));
/** Those that this run may be let into. */
const open = (cases: OperationCase[]): OperationCase[] => cases.filter((one) => !one.superuser || context.admin.superuser);
const some = (id: string): OperationCase[] => operationsFor(spec.requirements.find((entry) => entry.id === id)?.operations ?? []);
const bearerAmong = (cases: OperationCase[]): OperationCase[] => cases.filter(({ schemes }) => schemes.has('bearer'));

const refused = (status: number, as: () => As | Promise<As>) => async (one: OperationCase) => {
  await refusedWith(status, one, await as());
};
const readOnly = { readOnly: true };

// Refused: no credential.
requirement.each(
  'AUTH-001',
  secured,
  async (one) => {
    await callById(one.operationId, { ...(await wellFormed(one)), as: null }).expectStatus(403);
  },
  readOnly,
);
requirement.each(
  'AUTH-002',
  some('AUTH-002'),
  async (one) => {
    for (const value of ['Basic dXNlcjpwYXNz', 'Token abc', 'Bearer', 'nothing']) {
      await refusedWith(403, one, { label: 'another scheme', headers: { authorization: value } });
    }
  },
  readOnly,
);
requirement.each(
  'AUTH-003',
  some('AUTH-003'),
  async (one) => {
    await refusedWith(403, one, present('header', '', 'empty key'));
    await refusedWith(403, one, present('query', '', 'empty key'));
  },
  readOnly,
);

// Refused: bearer tokens.
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
    await refusedWith(401, one, tokens.signedByAnother());
    await refusedWith(401, one, tokens.unsigned());
  },
  readOnly,
);
requirement.each(
  'AUTH-006',
  withBearer,
  refused(401, () => tokens.expired()),
  readOnly,
);
requirement.each('AUTH-007', bearerAmong(some('AUTH-007')), refused(401, tokens.refreshing), readOnly);
requirement.each('AUTH-008', bearerAmong(some('AUTH-008')), async (one) => {
  await refusedWith(401, one, present('bearer', await apiKeyOf(people.alice), 'API key as bearer'));
});
requirement.each(
  'AUTH-009',
  bearerAmong(some('AUTH-009')),
  refused(401, async () => (await inactive()).bearer),
);
requirement.each(
  'AUTH-010',
  bearerAmong(some('AUTH-010')),
  refused(401, async () => (await gone()).bearer),
);

// Refused: API keys.
requirement.each(
  'AUTH-020',
  secured,
  async (one) => {
    await refusedWith(403, one, badKey('header'));
    await refusedWith(403, one, badKey('query'));
  },
  readOnly,
);
requirement.each('AUTH-021', secured, async (one) => {
  await refusedWith(403, one, await revokedKey('header'));
  await refusedWith(403, one, await revokedKey('query'));
});
requirement.each(
  'AUTH-022',
  bearerAmong(some('AUTH-022')),
  refused(401, async () => (await inactive()).key),
);
requirement.each(
  'AUTH-023',
  bearerAmong(some('AUTH-023')),
  refused(403, async () => (await inactive()).key),
);
requirement.each(
  'AUTH-024',
  some('AUTH-024'),
  refused(403, async () => (await gone()).key),
);
requirement.each(
  'AUTH-025',
  some('AUTH-025'),
  async (one) => {
    await refusedWith(403, one, present('header', people.alice.token ?? '', 'access token as key'));
  },
  readOnly,
);

// Accepted: each way of sending the right one, with a request that changes nothing.
requirement.each(
  'AUTH-030',
  [...open(withBearer), ...keysAlone],
  async (one) => {
    const bearer = await credentials(privileged(one), 'bearer');
    if (one.schemes.has('bearer')) await accepted(one, bearer);
    else await refusedWith(403, one, bearer);
  },
  readOnly,
);
requirement.each('AUTH-031', open(withKeys), async (one) => accepted(one, await credentials(privileged(one), 'header')));
requirement.each('AUTH-032', open(withKeys), async (one) => accepted(one, await credentials(privileged(one), 'query')));
requirement.each('AUTH-033', some('AUTH-033'), async (one) => refusedWith(403, one, await credentials('alice', 'cookie')), readOnly);
requirement.each(
  'AUTH-034',
  open(secured.filter(({ schemes }) => schemes.has('cookie'))),
  async (one) => accepted(one, await credentials(privileged(one), 'cookie')),
  readOnly,
);
requirement('AUTH-035', readOnly, async () => {
  for (const scheme of ['bearer', 'BEARER', 'Bearer']) {
    await call('readCurrentUser', { as: { label: 'alice (bearer)', headers: { authorization: `${scheme} ${alice().token}` } } }).expectStatus(200);
  }
  await call('readCurrentUser', { as: { label: 'alice (key)', headers: { 'X-API-KEY': await apiKeyOf(people.alice) } } }).expectStatus(200);
});

// What wins.
requirement.each('AUTH-040', bearerAmong(some('AUTH-040')), async (one) => refusedWith(401, one, both(badToken, await credentials('alice', 'header'))));
requirement.each(
  'AUTH-041',
  open(bearerAmong(some('AUTH-041'))),
  async (one) => {
    await accepted(one, both(await credentials(privileged(one), 'bearer'), badKey('header')));
    await accepted(one, both(await credentials(privileged(one), 'bearer'), badKey('query')));
  },
  readOnly,
);
requirement.each('AUTH-042', some('AUTH-042'), async (one) => {
  await accepted(one, both(await credentials('alice', 'query'), badKey('header')));
  await refusedWith(403, one, both(badKey('query'), await credentials('alice', 'header')));
});
requirement.each('AUTH-043', some('AUTH-043'), async (one) => {
  const basic = { label: 'another scheme', headers: { authorization: 'Basic dXNlcjpwYXNz' } };
  await accepted(one, both(basic, await credentials('alice', 'header')));
});

/** Whom the server takes these for. */
const whois = async (as: As): Promise<string> => (await call('readCurrentUser', { as }).expectStatus(200)).body.id;

requirement('AUTH-044', async () => {
  const [first, second] = [await credentials('alice', 'bearer'), await credentials('bob', 'header')];
  expect(await whois(second)).toBe(person('bob').id);
  expect(await whois(both(first, second))).toBe(people.alice.id);
});
requirement('AUTH-045', async () => {
  const [first, second] = [await credentials('alice', 'query'), await credentials('bob', 'header')];
  expect(await whois(second)).toBe(person('bob').id);
  expect(await whois(both(first, second))).toBe(people.alice.id);
});
requirement('AUTH-046', async () => {
  expect(await whois(both(await credentials('alice', 'bearer'), await credentials('bob', 'cookie')))).toBe(people.alice.id);
});
requirement('AUTH-047', async () => {
  expect(await whois(both(await credentials('alice', 'cookie'), await credentials('bob', 'header')))).toBe(people.alice.id);
});

// Order, form and wording.
requirement.each(
  'AUTH-050',
  some('AUTH-050'),
  async (one) => {
    await refusedWith(403, one, null);
  },
  readOnly,
);
const kinds: [Presented | null, number][] = [
  [null, 403],
  [badToken, 401],
  [badKey('header'), 403],
];
requirement.each(
  'AUTH-051',
  some('AUTH-051'),
  async (one) => {
    for (const [as, status] of one.schemes.has('bearer') ? kinds : kinds.filter(([kind]) => kind !== badToken)) {
      const answer = await refusedWith(status, one, as);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.body).toEqual({ detail: expect.any(String) });
    }
  },
  readOnly,
);
requirement.each(
  'AUTH-052',
  bearerAmong(some('AUTH-052')),
  async (one) => {
    const answer = await refusedWith(401, one, badToken);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
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
    expect((await refusedWith(403, one, null)).body.detail).toBe(wording[missing]);
    expect((await refusedWith(403, one, badKey('header'))).body.detail).toBe(bearer ? wording['badKey'] : wording['keyOnlyBad']);
    if (bearer) expect((await refusedWith(401, one, badToken)).body.detail).toBe(wording['badToken']);
  },
  readOnly,
);

// What a server of others answers may change from one request to the next.
const openToAll = spec.operations.filter(({ security, websocket, thirdParty }: Operation) => security.length === 0 && !websocket && !thirdParty);
requirement.each('AUTH-054', operationsFor(openToAll.map(({ operationId }) => operationId)), async (one) => {
  const options = await carefully(one);
  const without = await callById(one.operationId, { ...options, as: null });
  for (const as of [badToken, badKey('header'), badKey('query')]) {
    expect((await callById(one.operationId, { ...options, as })).status, as.label).toBe(without.status);
  }
});

const VARIABLES = '/api/v1/variables/';
/** The status of a request with header lines as they are written. */
const statusOf = async (lines: string[], query = '') => (await wire(requestText('GET', VARIABLES + query, lines))).answers[0]?.status;

requirement('AUTH-055', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  expect(await statusOf([], `?x-api-key=${key}`)).toBe(200);
  for (const other of [`${key}%20`, `${key}+`, `%20${key}`, `${key}%09`]) expect(await statusOf([], `?x-api-key=${other}`), other).toBe(403);
});

requirement('AUTH-056', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  for (const sent of [key, `  ${key}`, `\t${key}`]) expect(await statusOf([`x-api-key: ${sent}`]), sent).toBe(200);
  for (const sent of [`${key} `, `${key}   `, `${key}\t`]) expect(await statusOf([`x-api-key: ${sent}`]), sent).toBe(403);
});

requirement('AUTH-057', readOnly, async () => {
  const token = await tokenOf(people.alice);
  expect(await statusOf([`Authorization:  Bearer ${token}`])).toBe(200);
  for (const sent of [`Bearer ${token} `, `Bearer ${token}\t`, `Bearer  ${token}`]) expect(await statusOf([`Authorization: ${sent}`]), sent).toBe(401);
});

requirement('AUTH-058', readOnly, async () => {
  const key = await apiKeyOf(people.alice);
  expect(await statusOf([], `?x-api-key=none&x-api-key=${key}`)).toBe(200);
  expect(await statusOf([], `?x-api-key=${key}&x-api-key=none`)).toBe(403);
});
