import { echoFlow, say } from './support/conversation.ts';
import { call, catalogue, context, expect, requirement } from './support/index.ts';

type Field = { name: string; type: string; required: boolean; value: unknown };

const components = async () =>
  Object.entries(await catalogue()).flatMap(([category, types]) =>
    Object.entries(types).map(([type, component]) => ({
      place: `${category}.${type}`,
      type,
      component: component as Record<string, unknown> & { template: Record<string, unknown> },
    })),
  );

const fieldsOf = (component: Record<string, unknown>): [string, Field][] =>
  Object.entries(component['template'] as Record<string, unknown>).filter(
    (entry): entry is [string, Field] => typeof entry[1] === 'object',
  );

requirement('COMP-001', async () => {
  const types = (await components()).map(({ type }) => type);
  for (const type of ['ChatInput', 'ChatOutput', 'TextInput', 'TextOutput']) expect(types).toContain(type);
});

requirement('COMP-002', async () => {
  for (const { place, component } of await components())
    for (const [key, field] of fieldsOf(component)) expect(field.name, place).toBe(key);
});

requirement('COMP-003', async () => {
  for (const { place, component } of await components()) {
    const code = component['template']['code'] as Field | undefined;
    expect(code, place).toMatchObject({ type: 'code', required: true });
    expect(String(code?.value).length, place).toBeGreaterThan(0);
  }
});

requirement('COMP-004', async () => {
  for (const { place, component } of await components()) {
    const order = component['field_order'] as string[];
    for (const name of order) expect(component['template'], place).toHaveProperty([name]);
  }
});

requirement('COMP-005', async () => {
  for (const { place, component } of await components()) {
    const outputs = component['outputs'] as { name: string; types: string[] }[];
    expect(new Set(outputs.map(({ name }) => name)).size, place).toBe(outputs.length);
    for (const type of outputs.flatMap(({ types }) => types)) expect(component['base_classes'], place).toContain(type);
  }
});

requirement('COMP-006', async () => {
  const mine = await call('listComponents').expectStatus(200);
  for (const as of ['alice', 'bob', 'admin'] as const)
    expect((await call('listComponents', { as }).expectStatus(200)).text === mine.text, as).toBe(true);
});

requirement('COMP-007', async () => {
  const { response, text } = await say({ flow: await echoFlow(), text: 'from the catalogue' });
  expect(JSON.stringify(response.outputs)).toContain(text);
});

requirement('COMP-008', async () => {
  await call('listComponents', { headers: { 'accept-encoding': 'gzip' } })
    .expectStatus(200)
    .expectHeader('content-encoding', 'gzip')
    .expectHeaderContains('vary', /accept-encoding/i);
});

requirement('COMP-009', async () => {
  await call('listComponents', { headers: { 'accept-encoding': 'identity' }, timeoutMs: 2 * context.requestTimeoutMs })
    .expectStatus(200)
    .expectHeader('content-encoding', 'gzip');
});
