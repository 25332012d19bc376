/**
 * Logs in at a mock; returns the Authorization header. The connection is not kept.
 *
 * @throws Error when the login is refused
 */
export async function logIn(
  url: string,
  account: { username: string; password: string } = { username: 'langflow', password: 'langflow' },
): Promise<string> {
  const response = await fetch(`${url}/api/v1/login`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: new URLSearchParams(account),
  });
  if (!response.ok) throw new Error(`POST /api/v1/login answered ${response.status}`);
  return `Bearer ${((await response.json()) as { access_token: string }).access_token}`;
}
