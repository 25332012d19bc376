import { type Credentials, messageOf, PATIENCE, type Target, TargetError, type TargetOptions } from './target.ts';

/**
 * A deployment that is already running. The suite's pre-flight finds out whether it is a Langflow, and which release.
 */
export async function openUrl(text: string, options: TargetOptions): Promise<Target> {
  const url = baseUrl(text);
  const given = credentialsFor(url, options);
  await reach(url, options.patience?.response ?? PATIENCE.response);
  const credentials = given ?? (await automaticCredentials(url, options.patience?.response ?? PATIENCE.response));
  const signingKey = (options.env ?? process.env)['FLOWPACT_SIGNING_KEY'];
  return {
    kind: 'url',
    name: url,
    url,
    credentials,
    ...(signingKey && { signingKey }),
    logs: () => '',
    [Symbol.asyncDispose]: async () => {},
  };
}

function baseUrl(text: string): string {
  if (!URL.canParse(text)) throw new TargetError(`"${text}" is not a URL: give http(s)://HOST[:PORT][/PATH]`);
  const url = new URL(text);
  if (url.username || url.password) {
    throw new TargetError(
      `A password in the URL would be visible in reports: use --username and --password with ${url.protocol}//${url.host}${url.pathname}`,
    );
  }
  if (url.search || url.hash)
    throw new TargetError(`"${text}" has a query or a fragment: give the address that comes before /api/v1`);
  return url.href.replace(/\/+$/, '');
}

/** Undefined if no credential is given. */
function credentialsFor(url: string, { apiKey, username, password }: TargetOptions): Credentials | undefined {
  if (apiKey === undefined && username === undefined && password === undefined) return undefined;
  if (apiKey !== undefined && username === undefined && password === undefined) return { apiKey };
  if (apiKey === undefined && username !== undefined && password !== undefined) return { username, password };
  throw new TargetError(`No way to log in at ${url}: ${GIVE_ONE}`);
}

const GIVE_ONE = 'give either an API key, or a user name and a password';

/** A deployment with AUTO_LOGIN gives anyone a token of its superuser. */
async function automaticCredentials(url: string, patience: number): Promise<Credentials> {
  const response = await fetch(`${url}/api/v1/auto_login`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
  }).catch(() => undefined);
  const body = (response?.ok ? await response.json().catch(() => undefined) : undefined) as
    | { access_token?: unknown }
    | undefined;
  if (typeof body?.access_token === 'string') return { token: body.access_token };
  throw new TargetError(`No way to log in at ${url}, where automatic login is off: ${GIVE_ONE}`);
}

async function reach(url: string, patience: number): Promise<void> {
  try {
    const response = await fetch(`${url}/health_check`, { redirect: 'manual', signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
  } catch (error) {
    throw new TargetError(`${url} can't be reached: ${reason(error, url, patience)}`, { cause: error });
  }
}

function reason(error: unknown, url: string, patience: number): string {
  const { hostname, host } = new URL(url);
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no response to GET /health_check within ${patience / 1000} s`;
  const cause = causeOf(error);
  const code = cause.code ?? '';
  if (code === 'ECONNREFUSED')
    return `nothing listens on ${host} (connection refused); is Langflow running, and is the port right?`;
  if (['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes(code)) return `the name ${hostname} is not known (DNS: ${code})`;
  if (['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'].includes(code))
    return `there is no route to ${host} (${code})`;
  if (isTls(code))
    return `the TLS connection failed (${cause.reason ?? code}); does it speak https, and is its certificate authority known (NODE_EXTRA_CA_CERTS)?`;
  if (cause.name === 'HTTPParserError' || code.startsWith('HPE_'))
    return `the server on ${host} does not speak HTTP (${cause.message})`;
  if (['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(code))
    return `it closed the connection without an HTTP response; does it expect ${url.startsWith('https') ? 'http' : 'https'}?`;
  return cause.message;
}

const isTls = (code: string) => /^ERR_(SSL|TLS)|CERT|SELF_SIGNED|UNABLE_TO_|^EPROTO$/.test(code);

/** The error of a socket; `reason` is OpenSSL's. */
interface Cause {
  message: string;
  name?: string;
  code?: string;
  reason?: string;
}

/** The socket's error: fetch puts it in `cause`; if several addresses were tried, the first one's. */
function causeOf(error: unknown): Cause {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors[0];
  return cause instanceof Error ? cause : { message: messageOf(error) };
}
