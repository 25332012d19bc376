// What the fake python of fake-release.ts runs: as much of Langflow as a start needs, in the way FAKE_MODE says.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { FAKE_MODE: mode = 'ready', FAKE_REPORT: report } = process.env;
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);

console.log('Starting fake Langflow');
const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], {
  stdio: 'ignore',
});
if (report) {
  const langflow = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('LANGFLOW_')));
  writeFileSync(report, JSON.stringify({ pids: [process.pid, child.pid], folder: process.cwd(), langflow }));
}
if (mode === 'stubborn') process.on('SIGTERM', () => {});
if (mode === 'dies') {
  console.error('ModuleNotFoundError: No module named openai');
  process.exit(3);
}
if (mode === 'boot-failed') console.error('[ERROR] Worker failed to boot.');

createServer(async (request, response) => {
  response.statusCode = request.url === '/health_check' ? 200 : await login(request);
  if (mode === 'unhealthy') response.statusCode = 503;
  response.end('{}');
}).listen(port, '127.0.0.1');

async function login(request) {
  const form = new URLSearchParams(await new Response(request).text());
  const { LANGFLOW_SUPERUSER: username, LANGFLOW_SUPERUSER_PASSWORD: password } = process.env;
  const right = form.get('username') === username && form.get('password') === password;
  return right && mode !== 'no-login' ? 200 : 401;
}
