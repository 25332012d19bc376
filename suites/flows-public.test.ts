import { randomUUID } from 'node:crypto';
import { GRAPH } from './support/graphs.ts';
import { type As, call, expect, given, requirement } from './support/index.ts';

const readPublic = (flow_id: string, as: As = null) => call('readPublicFlow', { path: { flow_id }, as });

requirement('FLOWS-042', async () => {
  const { id } = await given.flow({ access_type: 'PUBLIC', data: GRAPH });
  const own = await call('readFlow', { path: { flow_id: id } }).expectStatus(200);
  expect((await readPublic(id).expectStatus(200)).body).toEqual(own.body);
});

requirement('FLOWS-043', async () => {
  const flow = await given.flow({ access_type: 'PUBLIC' });
  await readPublic(flow.id).expectStatus(200);
  await call('updateFlow', { path: { flow_id: flow.id }, body: { access_type: 'PRIVATE' } }).expectStatus(200);
  for (const as of [null, 'alice'] as const) await readPublic(flow.id, as).expectStatus(403);
});

requirement('FLOWS-044', async () => {
  const flow = await given.flow();
  const [hidden, unknown] = [
    await readPublic(flow.id).expectStatus(403),
    await readPublic(randomUUID()).expectStatus(403),
  ];
  expect(unknown.body).toEqual(hidden.body);
});
