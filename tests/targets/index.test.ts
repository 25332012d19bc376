import { describe, expect, it, vi } from 'vitest';
import { openTarget, parseTarget } from '../../targets/index.ts';

describe('--target', () => {
  it.each([
    ['mock', { kind: 'mock', rest: '' }],
    ['http://localhost:7860', { kind: 'url', rest: 'http://localhost:7860' }],
    ['HTTPS://langflow.example', { kind: 'url', rest: 'HTTPS://langflow.example' }],
    ['package:1.8.4', { kind: 'package', rest: '1.8.4' }],
    ['package', { kind: 'package', rest: '1.7.3' }],
    ['image', { kind: 'image', rest: 'langflowai/langflow:1.7.3' }],
    ['image:1.8.4', { kind: 'image', rest: 'langflowai/langflow:1.8.4' }],
    ['image:localhost:5000/langflow:dev', { kind: 'image', rest: 'localhost:5000/langflow:dev' }],
  ])('%s', (text, expected) => {
    expect(parseTarget(text)).toEqual(expected);
  });

  it.each(['', 'mock:1.7', 'image:', 'package:', 'localhost:7860', 'docker:langflow'])('refuses "%s"', (text) => {
    expect(() => parseTarget(text)).toThrow(
      `"${text}" is not a target: give mock, http(s)://…, image[:NAME], or package[:VERSION]`,
    );
  });
});

describe('the mock as a target', () => {
  it('listens, with its own account', async () => {
    await using target = await openTarget('mock');
    const body = new URLSearchParams(target.credentials as { username: string; password: string });
    const { status } = await fetch(`${target.url}/api/v1/login`, { method: 'POST', body });
    expect(status).toBe(200);
    expect(target.signingKey).toMatch(/^[\w-]{43}$/);
  });

  it.each(['mock', 'package:1.7.3'])(
    'refuses an API key, as every deployment that flowpact starts: %s',
    async (text) => {
      await expect(openTarget(text, { apiKey: 'sk-1' })).rejects.toThrow('--api-key works for a URL only');
    },
  );
});

describe('an image', () => {
  it('without a container runtime says what to do', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    await expect(openTarget('image:1.7.3')).rejects.toThrow('No container runtime is available: start Docker');
  });
});
