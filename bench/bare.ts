// bare.ts PORT FILE: serves the responses in FILE, by method and path, with node:http only. The others are compared to
// it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

interface StoredResponse {
  status: number;
  headers: Record<string, string | number>;
  /** The body as a Latin-1 string, so Node sends head and body in one write. */
  body: string;
}

const [port, file] = process.argv.slice(2);
const stored = new Map<string, StoredResponse>(Object.entries(file ? JSON.parse(readFileSync(file, 'utf8')) : {}));
const ready: StoredResponse = {
  status: 200,
  headers: { 'content-type': 'application/json', 'content-length': 15 },
  body: '{"status":"ok"}',
};

createServer((request, response) => {
  request.resume().on('end', () => {
    const { status, headers, body } = stored.get(`${request.method} ${request.url}`) ?? ready;
    response.writeHead(status, headers).end(body, 'latin1');
  });
}).listen(Number(port), '127.0.0.1');
