import type { Schema } from '../spec/operations.ts';
import { type As, call, context, expect, malformed, NotApplicable, requirement } from './support/index.ts';
import { validationErrors } from './support/validation-errors.ts';

/** An address without a mailbox; a registration with it may be overwritten. */
const DOMAIN = 'flowpact.example.com';
let count = 0;
const address = () => `test-${context.runId}-${++count}@${DOMAIN}`;

/** The registration, or undefined if there is none. */
const read = async (as: As = 'alice'): Promise<Partial<Schema<'Registration'>>> =>
  (await call('readRegistrationV2', { as }).expectStatus(200)).body as object;
const register = (email: unknown) =>
  call('createRegistrationV2', { body: malformed({ email }), as: null, valid: false });

/** A registration by somebody else is not overwritten: its time could not be restored. */
async function refuseToOverwrite(): Promise<void> {
  const { email } = await read();
  if (email === undefined || email.endsWith(`@${DOMAIN}`) || context.allowDisruptive) return;
  throw new NotApplicable(
    'somebody has registered this deployment, and no request takes a registration back: --allow-disruptive overwrites it',
  );
}

requirement('REGISTRATION-001', async () => {
  const body = await read();
  for (const as of ['bob', 'admin'] as const) expect(await read(as)).toEqual(body);
});

requirement('REGISTRATION-002', { disruptive: true }, async () => {
  await refuseToOverwrite();
  const [email, before] = [address(), Date.now()];
  expect((await register(email).expectStatus(200)).body).toEqual({ email });
  const body = await read();
  expect(body.email).toBe(email);
  // The clocks of two machines may differ a little.
  expect(Math.abs(Date.parse(body.registered_at ?? '') - before)).toBeLessThan(60_000);
});

requirement('REGISTRATION-003', { disruptive: true }, async () => {
  await refuseToOverwrite();
  const [first, second] = [address(), address()];
  await register(first).expectStatus(200);
  const before = await read();
  await register(second).expectStatus(200);
  const after = await read();
  expect(after.email).toBe(second);
  expect(Date.parse(after.registered_at ?? '')).toBeGreaterThan(Date.parse(before.registered_at ?? ''));
});

requirement('REGISTRATION-004', { disruptive: true }, async () => {
  await refuseToOverwrite();
  const email = address();
  const kept = email.replace('test', 'Test');
  for (const sent of [` ${kept} `, `Some Body <${kept}>`, kept.replace(DOMAIN, DOMAIN.toUpperCase())]) {
    expect((await register(sent).expectStatus(200)).body).toEqual({ email: kept });
    expect((await read()).email).toBe(kept);
  }
});

const NO_ADDRESSES = [
  '',
  'nobody',
  'nobody@',
  '@example.com',
  'nobody@example',
  'no body@example.com',
  'no..body@example.com',
  'nobody@@example.com',
  null,
  1,
];

requirement('REGISTRATION-005', { readOnly: true }, async () => {
  const before = await read();
  for (const email of NO_ADDRESSES) {
    const { body } = await register(email).expectStatus(422);
    expect(validationErrors(body).map(({ loc }) => loc.join('.'))).toEqual(['body.email']);
  }
  expect(await read()).toEqual(before);
});
