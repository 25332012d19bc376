// heap-mock.ts PORT PASSWORD HEAP_PORT: a mock; HEAP_PORT returns the bytes in use after a garbage collection.
import { createServer } from 'node:http';
import { startMock } from '../mock/index.ts';

const [port, password = '', heapPort] = process.argv.slice(2);
await startMock({ port: Number(port), password });
createServer((_request, response) => {
  globalThis.gc?.();
  globalThis.gc?.();
  response.end(String(process.memoryUsage().heapUsed + process.memoryUsage().external));
}).listen(Number(heapPort), '127.0.0.1');
