// bare.ts PORT FILE: the bytes of FILE by method and path, from nothing but node:http. What the others are measured against.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

interface StoredResponse {
  status: number;
  headers: Record<string, string | number>;
  /** The bytes as latin1 text, which Node sends in one write with the head. */
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
