import type { Case, Exchange, RequirementResult, Run } from '../../reports/run.ts';

/** A hand-made run with everything that a report must show: text to escape, a stream, a waiver, a lost connection. */

const exchange: Exchange = {
  id: 'x-7',
  operationId: 'readFlow',
  credential: 'bob (bearer)',
  request: {
    method: 'GET',
    url: 'http://127.0.0.1:7860/api/v1/flows/0d5e?x-api-key=[redacted]',
    headers: { accept: 'application/json', authorization: 'Bearer [redacted]' },
  },
  response: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"id":"0d5e","name":"It\'s <b>Bob\'s</b> & \\"mine\\"","user_id":null}',
    bytes: 66,
  },
  at: 1200,
  durationMs: 12.4,
  violations: [{ kind: 'schema', pointer: '/user_id', expected: 'string', actual: 'null' }],
};

const login: Exchange = {
  id: 'x-6',
  operationId: 'login',
  credential: 'none',
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:7860/api/v1/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: "username=o'neil&password=[redacted]",
  },
  response: {
    status: 200,
    headers: { 'set-cookie': 'access_token_lf=[redacted]; Path=/' },
    body: '{"access_token":"[redacted]"}',
    bytes: 240,
  },
  at: 1100,
  durationMs: 80,
  violations: [],
};

const stream: Exchange = {
  id: 'x-9',
  operationId: 'runFlow',
  credential: 'alice (key in header)',
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:7860/api/v1/run/echo?stream=true',
    headers: { 'x-api-key': '[redacted]', 'content-type': 'application/json' },
    body: '{"input_value":"hello"}',
  },
  response: {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body: '{"event":"token"}\n\n',
    bytes: 21,
  },
  chunks: [
    { at: 3, text: '{"event":"add_message","data":{"text":"hel"}}\n\n' },
    { at: 41, text: '{"event":"token","data":{"chunk":"lo"}}\n\n' },
  ],
  at: 1500,
  durationMs: 44,
  violations: [],
};

const lost: Exchange = {
  id: 'x-11',
  credential: 'none',
  request: { method: 'GET', url: 'http://127.0.0.1:7860/health', headers: {} },
  error: 'connect ECONNREFUSED 127.0.0.1:7860',
  at: 1700,
  durationMs: 2,
  violations: [],
};

function one(name: string, rest: Partial<Case> = {}): Case {
  return { name, verdict: 'pass', durationMs: 10, exchanges: [], ...rest };
}

function requirement(id: string, area: string, text: string, rest: Partial<RequirementResult> = {}): RequirementResult {
  return {
    id,
    level: 'MUST',
    text,
    source: 'observed on 1.7.3',
    area,
    operations: [],
    verdict: 'pass',
    cases: [one(text)],
    rerun: `flowpact certify --only ${id}`,
    ...rest,
  };
}

export function sampleRun(): Run {
  return {
    schemaVersion: 1,
    tool: { name: 'flowpact', version: '0.1.0' },
    id: 'a1b2c3',
    status: 'complete',
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 65_400,
    target: {
      kind: 'url',
      name: 'http://127.0.0.1:7860',
      url: 'http://127.0.0.1:7860',
      version: '1.7.3',
      package: 'Langflow',
    },
    profile: '1.7',
    selection: { only: [], level: 'MAY', readOnly: false, allowDisruptive: false },
    verdict: 'not-conformant',
    exitCode: 1,
    notes: ['No second user: the target has no superuser & <no> sign-up'],
    requirements: [
      requirement('HEALTH-001', 'health', 'The health check answers 200.', { operations: ['healthCheck'] }),
      requirement('HEALTH-002', 'health', 'The service answers after it is ready.', {
        level: 'SHOULD',
        verdict: 'blocked',
        reason: 'no connection',
        cases: [one('answers', { verdict: 'blocked', message: 'The target went away', exchanges: [lost] })],
      }),
      requirement('FLOWS-004', 'flows', "Another user's flow is a 404.", {
        operations: ['readFlow'],
        verdict: 'fail',
        cases: [
          one('of its owner'),
          one('of "another" <user>', {
            verdict: 'fail',
            operationId: 'readFlow',
            message: 'Expected the status 404 & got 200',
            expected: '{"detail":"Flow not found","same":1}',
            actual: '{"id":"0d5e","same":1}',
            pointer: '',
            durationMs: 92.4,
            exchanges: [login, exchange],
          }),
        ],
      }),
      requirement('FLOWS-005', 'flows', 'Names that collide are numbered.', {
        level: 'SHOULD',
        verdict: 'fail',
        waiver: { reason: 'numbered from 2; see the ticket', owner: 'ann', expires: '2026-12-31' },
        cases: [
          one('a second one', {
            verdict: 'fail',
            message: 'wrong name',
            pointer: '/name',
            expected: 'a (1)',
            actual: 'a (2)',
          }),
        ],
      }),
      requirement('RUN-002', 'run', 'A stream ends with an end event.', {
        capability: 'streaming',
        verdict: 'error',
        cases: [one('ends', { verdict: 'error', message: 'TypeError: broken\u0000 test', exchanges: [stream] })],
      }),
      requirement('RUN-009', 'run', 'The wording of an error.', {
        level: 'MAY',
        tier: 'strict',
        verdict: 'not-applicable',
        reason: 'no such component',
        cases: [],
      }),
      requirement('RUN-010', 'run', 'A test that did not come.', {
        verdict: 'not-run',
        reason: 'the run ended before its test',
        cases: [],
      }),
      requirement('USERS-001', 'users', 'Not part of this run.', {
        verdict: 'not-run',
        reason: 'not selected by --only',
        cases: [],
      }),
    ],
    matrix: [
      { operationId: 'healthCheck', status: 200, credential: 'none', count: 3 },
      { operationId: 'readFlow', status: 200, credential: 'alice (bearer)', count: 1 },
      { operationId: 'readFlow', status: 404, credential: 'user-a1b2c3-1-8 (bearer)', count: 2 },
      { operationId: 'readFlow', status: 404, credential: 'user-a1b2c3-1-9 (bearer)', count: 1 },
      { operationId: 'readFlow', status: 403, credential: 'bad bearer', count: 1 },
    ],
    operations: [
      { operationId: 'healthCheck', method: 'GET', path: '/health_check', tag: 'Health' },
      { operationId: 'readFlow', method: 'GET', path: '/api/v1/flows/{flow_id}', tag: 'Flows' },
      { operationId: 'deleteFlow', method: 'DELETE', path: '/api/v1/flows/{flow_id}', tag: 'Flows' },
    ],
    extras: [{ operationId: 'readFlow', pointer: '/locked_by' }],
    leftovers: ['flow 0d5e'],
  };
}
