import { HttpError } from '../errors.ts';
import type { Call, Guards, Handlers } from '../operation.ts';

/** The error of a deployment that can't reach the store. The mock never connects to it. */
const UNREACHABLE = '[Errno -2] Name or service not known';

const unreachable = ({ fail }: { fail: (status: 500, detail: string) => never }) => fail(500, UNREACHABLE);
const notUploaded = ({ fail }: { fail: (status: 400, detail: string) => never }) =>
  fail(400, `Upload failed: ${UNREACHABLE}`);

/** The key is required before validation (STORE-030). */
const withStoreKey = {
  beforeValidation({ store_api_key }) {
    if (store_api_key === null) throw new HttpError(400, 'You must have a store API key set.');
  },
} satisfies Guards;

export const storeRoutes = {
  readStoreStatus: () => ({ enabled: true }),

  checkStoreApiKey: ({ user, fail }) => {
    if (user.store_api_key === null) return { has_api_key: false, is_valid: false };
    return fail(400, `Unexpected error: ${UNREACHABLE}`);
  },

  listStoreComponents: ({ query, user, fail }: Call<'listStoreComponents'>) => {
    if (user.store_api_key !== null) return fail(500, UNREACHABLE);
    if (query.liked) return fail(400, 'You must provide an API key to filter by likes');
    if (query.filter_by_user) return fail(400, 'You must provide an API key to filter your components');
    return fail(500, `Unexpected error: ${UNREACHABLE}`);
  },

  createStoreComponent: { ...withStoreKey, handle: notUploaded },
  readStoreComponent: { ...withStoreKey, handle: unreachable },
  updateStoreComponent: { ...withStoreKey, handle: notUploaded },
  listStoreTags: unreachable,
  listStoreLikes: { ...withStoreKey, handle: unreachable },
  likeStoreComponent: { ...withStoreKey, handle: unreachable },
} satisfies Handlers;
