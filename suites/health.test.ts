import { call, expect, makeCredential, requirement } from './support/index.ts';

const WRONG = [
  makeCredential('bearer', 'not-a-token', 'bad bearer'),
  makeCredential('header', 'sk-not-a-key', 'bad key'),
  makeCredential('query', 'sk-not-a-key', 'bad key in query'),
  makeCredential('cookie', 'not-a-token', 'bad cookie'),
];
const ready = { status: 'ok', chat: 'ok', db: 'ok' };

requirement('HEALTH-001', async () => {
  const { body } = await call('readHealth', { as: null }).expectStatus(200);
  expect(body).toMatchObject({ status: 'ok' });
});

requirement('HEALTH-002', async () => {
  for (const as of WRONG)
    await call('readHealth', { as, valid: false }).expectStatus(200).expectJsonLike({ status: 'ok' });
});

requirement('HEALTH-010', async () => {
  const { body } = await call('readHealthCheck', { as: null }).expectStatus(200);
  expect(body).toMatchObject(ready);
});

requirement('HEALTH-011', async () => {
  for (const as of WRONG) await call('readHealthCheck', { as, valid: false }).expectStatus(200).expectJsonLike(ready);
});

requirement('HEALTH-012', async () => {
  const responses = await Promise.all(Array.from({ length: 8 }, () => call('readHealthCheck', { as: null })));
  const again = await call('readHealthCheck', { as: null });
  for (const { status, body } of [...responses, again]) {
    expect(status).toBe(200);
    expect(body).toMatchObject(ready);
  }
});
