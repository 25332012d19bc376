import type { Call, Handlers } from '../operation.ts';

const gone = (name: string) => `The /${name} endpoint is deprecated and will be removed in a future version. Please use /run instead.`;
const refuseRun = ({ fail }: Call<'predictFlow'> | Call<'processFlow'>) => fail(400, gone('process'));

/** What /run replaced: refused, whatever is asked. */
export const legacyRunRoutes = {
  predictFlow: refuseRun,
  processFlow: refuseRun,
  readTask: ({ fail }) => fail(400, gone('task')),
} satisfies Handlers;
