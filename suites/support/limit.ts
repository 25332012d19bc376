import { call } from './call.ts';
import { NotApplicable } from './verdict.ts';

export const MIB = 1024 * 1024;
/** The most that a test sends. */
const MOST = 16 * MIB;

/** The largest body that the deployment accepts, in bytes. @throws NotApplicable if that is too much to send */
export async function smallLimit(): Promise<number> {
  const { body } = await call('readConfig', { as: 'alice' }).expectStatus(200);
  const limit = body.max_file_size_upload * MIB;
  if (limit > MOST)
    throw new NotApplicable(
      `the deployment accepts requests of up to ${limit / MIB} MiB; the limit is tested up to ${MOST / MIB} MiB`,
    );
  return limit;
}

/** Content that is too large. */
export const overLimit = async (): Promise<Buffer> => Buffer.alloc((await smallLimit()) + 2000, 'x');
