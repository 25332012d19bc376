import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curl } from '../../reports/curl.ts';
import { redact, redactText } from '../../reports/redact.ts';
import type { Exchange } from '../../reports/run.ts';
import { MASK } from '../../spec/secrets.ts';

const SECRET = 'p"ss wörd/1';

function exchange(
  request: Partial<Exchange['request']>,
  response?: Partial<NonNullable<Exchange['response']>>,
): Exchange {
  return {
    id: 'x-1',
    credential: 'none',
    request: { method: 'POST', url: 'http://h/p', headers: {}, ...request },
    ...(response && { response: { status: 200, headers: {}, body: '', bytes: 0, ...response } }),
    at: 0,
    durationMs: 1,
    violations: [],
  };
}

describe('redact', () => {
  it('masks headers by name, and keeps the scheme and the names of cookies', () => {
    const headers = {
      Authorization: 'Bearer abc',
      'X-API-Key': 'sk-1',
      cookie: 'access_token_lf=a.b.c; theme=dark',
      accept: 'x',
    };
    expect(redact(exchange({ headers })).request.headers).toEqual({
      Authorization: `Bearer ${MASK}`,
      'X-API-Key': MASK,
      cookie: `access_token_lf=${MASK}; theme=${MASK}`,
      accept: 'x',
    });
    const set = redact(
      exchange({}, { headers: { 'set-cookie': 'refresh_token_lf=abc; Path=/; Max-Age=60; SameSite=none' } }),
    );
    expect(set.response?.headers['set-cookie']).toBe(`refresh_token_lf=${MASK}; Path=/; Max-Age=60; SameSite=none`);
  });

  it('masks fields by name in JSON, forms and URLs', () => {
    const { request, response } = redact(
      exchange(
        { url: 'http://h/p?x-api-key=sk-1&page=2', body: 'username=a&password=b%20c' },
        { body: '{"access_token": "abc", "password":"x\\"y", "name":"n"}' },
      ),
    );
    expect(request.url).toBe(`http://h/p?x-api-key=${MASK}&page=2`);
    expect(request.body).toBe(`username=a&password=${MASK}`);
    expect(response?.body).toBe(`{"access_token": "${MASK}", "password":"${MASK}", "name":"n"}`);
  });

  it('masks known values everywhere and in every encoding', () => {
    const texts = [
      SECRET,
      JSON.stringify({ value: SECRET }),
      `q=${encodeURIComponent(SECRET)}`,
      Buffer.from(SECRET).toString('base64'),
    ];
    for (const text of texts) expect(redactText(text, [SECRET])).toContain(MASK);
    const all = redact({ ...exchange({ body: texts.join(' ') }), error: SECRET, chunks: [{ at: 1, text: SECRET }] }, [
      SECRET,
    ]);
    expect(JSON.stringify(all)).not.toContain('wörd');
  });

  it("leaves Langflow's own masks, which are evidence, and texts without secrets", () => {
    expect(redactText('{"api_key":"sk-12345****************"}')).toBe('{"api_key":"sk-12345****************"}');
    expect(redactText('{"detail":"Incorrect password"}')).toBe('{"detail":"Incorrect password"}');
  });
});

/** The arguments that curl gets when a shell runs the command. */
function words(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('/bin/sh', ['-c', script], { env: { PATH: process.env['PATH'] ?? '', ...env } })
    .toString()
    .split('\0')
    .slice(0, -1);
}

describe('curl', () => {
  it('is parsed by a shell as intended, whatever the body contains', () => {
    const body = `{"a":"it's $HOME \`id\` \\ \\"x\\" !\n"}`;
    expect(
      words(curl(exchange({ body, headers: { 'content-type': 'application/json', 'content-length': '9' } }))),
    ).toEqual(['-i', '-X', 'POST', 'http://h/p', '-H', 'content-type: application/json', '--data-raw', body]);
  });

  it('reads secrets from variables', () => {
    const secret = exchange({
      url: `http://h/p?x-api-key=${MASK}&a=1`,
      headers: { authorization: `Bearer ${MASK}`, cookie: `access_token_lf=${MASK}` },
      body: `username=a&password=${MASK}`,
    });
    const env = { FLOWPACT_API_KEY: 'K', FLOWPACT_TOKEN: 'T', FLOWPACT_PASSWORD: "P'w" };
    expect(words(curl(secret), env)).toEqual([
      '-i',
      '-X',
      'POST',
      'http://h/p?x-api-key=K&a=1',
      '-H',
      'authorization: Bearer T',
      '-H',
      'cookie: access_token_lf=T',
      '--data-raw',
      "username=a&password=P'w",
    ]);
  });

  it('never shows a header with a secret name', () => {
    expect(curl(exchange({ headers: { 'x-api-key': 'sk-plain', authorization: 'Basic abc' } }))).not.toMatch(
      /sk-plain|abc/,
    );
  });

  it('does not wait for the end of a stream', () => {
    expect(curl({ ...exchange({ method: 'GET' }), chunks: [] })).toBe("curl -i -N 'http://h/p'");
  });
});
