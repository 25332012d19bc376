import type { Handlers } from '../operation.ts';

// Frozen, so that their JSON is written once.
const health = Object.freeze({ status: 'ok' } as const);
const healthCheck = Object.freeze({ status: 'ok', chat: 'ok', db: 'ok' } as const);

export const healthRoutes = {
  readHealth: () => health,
  readHealthCheck: () => healthCheck,
} satisfies Handlers;
