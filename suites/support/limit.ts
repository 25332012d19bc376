import { call } from './call.ts';
import { NotApplicable } from './verdict.ts';

export const MIB = 1024 * 1024;
/** More is not sent for a test. */
const MOST = 16 * MIB;

/** The largest body that the deployment takes, in bytes. @throws NotApplicable where that is too much to send */
export async function smallLimit(): Promise<number> {
  const { body } = await call('readConfig', { as: 'alice' }).expectStatus(200);
  const limit = body.max_file_size_upload * MIB;
  if (limit > MOST) throw new NotApplicable(`the deployment takes requests of up to ${limit / MIB} MiB; up to ${MOST / MIB} the limit is tried`);
  return limit;
}

/** A content that is too large. */
export const overLimit = async (): Promise<Buffer> => Buffer.alloc((await smallLimit()) + 2000, 'x');
