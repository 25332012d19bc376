// sized-mock.ts PORT OPERATIONS PASSWORD: a mock whose contract has OPERATIONS operations: fewer, or copies under other
// paths.
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
// Changes the contract of this process only, which is loaded once.
operations.splice(
  0,
  operations.length,
  ...own,
  ...Array.from({ length: count - own.length }, (_, index) => again(index)),
);
await startMock({ port: Number(port), password });
