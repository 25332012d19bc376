/**
 * The golden path: fifteen steps of a client, on several deployments, as a Markdown table.
 *
 *   node bench/golden-path.ts [mock | prism | package:1.7.3 | image:… | http://user:password@host:port]…
 *
 * Without arguments: the mock and plain Prism.
 */
import { openTarget } from '../targets/index.ts';
import { steps, type Walk } from './golden-steps.ts';
import { startPrism } from './server-process.ts';

interface Column extends AsyncDisposable {
  name: string;
  url: string;
  username: string;
  password: string;
}

/** Undefined if the step succeeded, otherwise the error. */
type Cell = string | undefined;

async function open(text: string): Promise<Column> {
  if (text === 'prism') {
    const served = await startPrism();
    return {
      name: 'Prism CLI',
      url: served.url,
      username: 'langflow',
      password: 'langflow',
      [Symbol.asyncDispose]: served[Symbol.asyncDispose],
    };
  }
  const { target, ...account } = accountOf(text);
  const opened = await openTarget(target, account);
  const { username = '', password = '' } = opened.credentials as { username?: string; password?: string };
  const name = opened.kind === 'mock' ? 'flowpact mock' : await versionAt(opened.url);
  return { name, url: opened.url, username, password, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

function accountOf(text: string): { target: string; username?: string; password?: string } {
  if (!/^https?:/.test(text)) return { target: text };
  const url = new URL(text);
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return { target: url.origin, ...(username && { username, password }) };
}

async function versionAt(url: string): Promise<string> {
  const { package: name, version } = (await (await fetch(`${url}/api/v1/version`)).json()) as {
    package: string;
    version: string;
  };
  return `${name} ${version}`;
}

async function walk({ url, username, password }: Column): Promise<Cell[]> {
  const state: Walk = { url, username, password, name: `golden path ${Date.now().toString(36)}` };
  const cells: Cell[] = [];
  for (const step of steps) {
    // Cleans up before the logout, while the token is valid.
    if (step === steps.at(-1)) await cleanUp(state);
    cells.push(
      await step.take(state).then(
        () => undefined,
        (error: Error) => error.message.split('\n')[0] ?? 'failed',
      ),
    );
  }
  return cells;
}

async function cleanUp({ url, token, flow, key }: Walk): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const keys = key
    ? (
        (await (await fetch(`${url}/api/v1/api_key/`, { headers })).json()) as {
          api_keys?: { id: string; name: string }[];
        }
      ).api_keys
    : [];
  const gone = [
    flow && `/api/v1/flows/${flow.id}`,
    ...(keys ?? []).filter(({ name }) => name?.startsWith('golden path ')).map(({ id }) => `/api/v1/api_key/${id}`),
  ];
  for (const path of gone) if (path) await fetch(url + path, { method: 'DELETE', headers });
}

function table(names: string[], results: Cell[][]): string {
  const cell = (found: Cell) => (found === undefined ? 'yes' : `**no**: ${found.replaceAll('|', '/').slice(0, 80)}`);
  const rows = steps.map(
    ({ title }, index) => `| ${index + 1} | ${title} | ${results.map((column) => cell(column[index])).join(' | ')} |`,
  );
  const sums = results.map(
    (column) => `**${column.filter((found) => found === undefined).length} of ${steps.length}**`,
  );
  return [
    `| | Step | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows,
    `| | | ${sums.join(' | ')} |`,
  ].join('\n');
}

const wanted = process.argv.slice(2);
const names: string[] = [];
const results: Cell[][] = [];
for (const text of wanted.length > 0 ? wanted : ['mock', 'prism']) {
  await using column = await open(text);
  names.push(column.name);
  results.push(await walk(column));
}
console.log(table(names, results));
const judged = results.filter((_, index) => names[index] !== 'Prism CLI');
process.exitCode = judged.flat().some((found) => found !== undefined) ? 1 : 0;
