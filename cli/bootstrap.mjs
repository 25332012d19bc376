// bootstrap.mjs FILE [ARGUMENT…]: runs FILE with the Node that package.json pins. First runs `npm ci` if node_modules
// is
// missing or differs from package-lock.json, so that each npm script works as the first command in a fresh clone, with
// any Node >= 20. This file uses no dependency and no new syntax.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { endWithStarter, takeSignalsAsFirstProcess } from './starter.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const bin = join(root, 'node_modules', '.bin');
const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

await endWithStarter();
takeSignalsAsFirstProcess();
if (!inStep()) install();
if (!existsSync(node)) npm('rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts');
if (!existsSync(node))
  giveUp(
    `${node} is missing after npm ci: the install script of the package "node" did not run. Allow it (npm config: ignore-scripts, allow-scripts), then run \`npm ci\`.`,
  );
await run(process.argv.slice(2));

/** Whether node_modules has each package of the lock in its version; optional ones of other platforms may be absent. */
function inStep() {
  const wanted = packages(join(root, 'package-lock.json'));
  const installed = packages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function install() {
  console.error('flowpact: node_modules is missing or differs from package-lock.json: running npm ci');
  const status = npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false');
  if (status !== 0)
    giveUp('`npm ci` failed, see above. Fix the cause (network, registry, disk), then run the same command again.');
}

/** npm writes to stderr, so that stdout has the command's output only. */
function npm(...args) {
  const own = process.env.npm_execpath;
  const stdio = ['ignore', 2, 2];
  const options = { cwd: root, stdio };
  const { status, error } = own?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, { ...options, shell: windows });
  if (error) giveUp(`npm can't be run (${error.message}): install Node.js >= 20 with npm.`);
  return status;
}

async function run([file, ...args]) {
  if (!file) giveUp('usage: node cli/bootstrap.mjs FILE [ARGUMENT…]');
  process.env.PATH = `${bin}${delimiter}${process.env.PATH}`;
  if (process.version === `v${packages(join(root, 'package-lock.json'))['node_modules/node'].version}`) {
    process.argv.splice(1, 2, resolve(file));
    await import(pathToFileURL(resolve(file)));
    return;
  }
  const child = spawn(node, [file, ...args], {
    stdio: 'inherit',
    env: { ...process.env, FLOWPACT_BOOTSTRAP: String(process.pid) },
  });
  // Ctrl-C reaches the child as well; other signals reach only this process, so they are passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) process.removeAllListeners(signal);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code;
  });
}

function giveUp(message) {
  console.error(`flowpact: ${message}`);
  process.exit(2);
}
