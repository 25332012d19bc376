// counted.ts PORT OPERATIONS PASSWORD: a mock whose contract has so many operations: fewer, or the same ones again under other paths.
import { startMock } from '../mock/index.ts';
import { loadSpec, type Operation } from '../spec/index.ts';
import { NEEDED } from './operations.ts';

const [port, wanted, password = ''] = process.argv.slice(2);
const { operations } = await loadSpec();
const count = Number(wanted);
const own = operations.filter(({ operationId }) => NEEDED.includes(operationId));
const others = operations.filter((operation) => !own.includes(operation));
const again = (index: number): Operation => {
  const operation = others[index % others.length] as Operation;
  return {
    ...operation,
    path: index < others.length ? operation.path : `/again/${Math.floor(index / others.length)}${operation.path}`,
  };
};
// The contract of this process alone: it is loaded once.
operations.splice(
  0,
  operations.length,
  ...own,
  ...Array.from({ length: count - own.length }, (_, index) => again(index)),
);
await startMock({ port: Number(port), password });
