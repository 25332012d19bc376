import { expect, test } from 'vitest';
import { handlers, socketHandlers } from '../../mock/routes/index.ts';
import { coverageOf, isGap, isRecorded, readObserved, readSurface } from '../../spec/coverage.ts';
import { loadSpec, type Operation } from '../../spec/index.ts';

const spec = await loadSpec();
const route = (method: string, path: string) => ({ method, path, documented: '-' });

test('a route counts when contract, handler and requirements are there, whatever its parameters are called', () => {
  const routes = [route('GET', '/api/v1/flows/{id}'), route('GET', '/api/v1/nothing')];
  const { routes: found } = coverageOf(spec, routes, ({ operationId }) => operationId === 'readFlow', {
    real: {},
    mock: {},
  });
  expect(found).toMatchObject([
    { operation: { operationId: 'readFlow' }, handled: true, required: true },
    { operation: undefined, handled: false, required: false },
  ]);
});

test('a status that one of the two was not observed to answer is a gap, unless the contract says why', () => {
  const { statuses } = coverageOf(spec, [], () => true, { real: { readFlow: [200, 404] }, mock: { readFlow: [200] } });
  const gaps = statuses
    .filter((one) => one.operation.operationId === 'readFlow' && isGap(one))
    .map(({ status }) => status);
  expect(gaps).toContain(404);
  expect(gaps).not.toContain(200);
  expect(
    statuses.find((one) => one.operation.operationId === 'readHealthCheck' && one.status === 500)?.untestable,
  ).toMatch(/fail/);
});

// A new operation is recorded by whoever has a real Langflow: `spec coverage`, in .ci/run, is red until then.
test('every route of the release is covered, and every declared status was observed on it and on the mock, or says why not', () => {
  const real = readObserved('1.7.3');
  const handled = ({ operationId, twinOf, websocket }: Operation) =>
    (websocket ? socketHandlers : handlers)[twinOf ?? operationId] !== undefined;
  const { routes, statuses } = coverageOf(spec, readSurface(spec.version), handled, {
    real,
    mock: readObserved('mock'),
  });
  expect(
    routes.filter((one) => !one.handled || !one.required).map(({ route }) => `${route.method} ${route.path}`),
  ).toEqual([]);
  expect(
    statuses
      .filter((one) => isRecorded(one, real) && isGap(one))
      .map(({ operation, status }) => `${operation.operationId} ${status}`),
  ).toEqual([]);
});
