import type { Call, Handlers } from '../operation.ts';

const deprecationText = (name: string) =>
  `The /${name} endpoint is deprecated and will be removed in a future version. Please use /run instead.`;
const refuseRun = ({ fail }: Call<'predictFlow'> | Call<'processFlow'>) => fail(400, deprecationText('process'));

/** The predecessors of /run, which refuse every request. */
export const legacyRunRoutes = {
  predictFlow: refuseRun,
  processFlow: refuseRun,
  readTask: ({ fail }) => fail(400, deprecationText('task')),
} satisfies Handlers;
