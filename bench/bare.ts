// bare.ts PORT FILE: the bytes of FILE by method and path, from nothing but node:http. What the others are measured against.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file] = process.argv.slice(2);
const canned = new Map<string, { status: number; type: string; body: string }>(Object.entries(file ? JSON.parse(readFileSync(file, 'utf8')) : {}));

createServer((request, response) => {
  request.resume().on('end', () => {
    const { status, type, body } = canned.get(`${request.method} ${request.url}`) ?? { status: 200, type: 'application/json', body: '{"status":"ok"}' };
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  });
}).listen(Number(port), '127.0.0.1');
