import { unzipSync, zipSync } from 'fflate';
import type { Fault, ProxiedAnswer, ProxiedRequest } from './mutant.ts';

/** Faults of operations that take or give files. */

const isFile = ({ status, headers, body }: ProxiedAnswer): boolean =>
  status < 300 && body.length > 0 && !/json|event-stream/.test(String(headers['content-type']));

const onFile =
  (spoil: (answer: ProxiedAnswer) => ProxiedAnswer | undefined): Fault =>
  async (request, { send, applied }) => {
    const answer = await send(request);
    const spoiled = isFile(answer) ? spoil(answer) : undefined;
    if (spoiled) applied();
    return spoiled ?? answer;
  };

/** The highest bit of each byte is lost, as where bytes are taken for text; text in ASCII gets another end. */
export const otherBytes: Fault = onFile((answer) => {
  const body = Buffer.from(answer.body.map((byte) => byte & 0x7f));
  return { ...answer, body: body.equals(answer.body) ? Buffer.concat([body, Buffer.from('\n')]) : body };
});

export const otherMediaType = (types: string[]): Fault =>
  onFile((answer) => {
    const at = types.indexOf(String(answer.headers['content-type']));
    return at === -1 ? undefined : { ...answer, headers: { ...answer.headers, 'content-type': types[(at + 1) % types.length] as string } };
  });

export const otherFilename: Fault = onFile((answer) => {
  const disposition = answer.headers['content-disposition'];
  if (disposition === undefined) return undefined;
  return { ...answer, headers: { ...answer.headers, 'content-disposition': String(disposition).replace(/filename(\*=UTF-8''|="?)/, 'filename$1other-') } };
});

const onZip = (spoil: (entries: [string, Uint8Array][]) => [string, Uint8Array][]): Fault =>
  onFile((answer) => {
    const isZip = String(answer.headers['content-type']).includes('zip');
    return isZip ? { ...answer, body: Buffer.from(zipSync(Object.fromEntries(spoil(Object.entries(unzipSync(answer.body)))))) } : undefined;
  });

export const lastEntryMissing: Fault = onZip((entries) => entries.slice(0, -1));

export const otherEntry: Fault = onZip(([first, ...rest]) => (first ? [[first[0], Buffer.from('{}')], ...rest] : []));

/** Changes the last file of a multipart request. */
const onUpload =
  (spoil: (form: string) => string): Fault =>
  async (request, { send, applied }) => {
    const form = multipartOf(request);
    const spoiled = form === undefined ? undefined : spoil(form);
    if (spoiled === undefined || spoiled === form) return send(request);
    applied();
    return send({ ...request, body: Buffer.from(spoiled, 'latin1') });
  };

const multipartOf = ({ headers, body }: ProxiedRequest): string | undefined =>
  headers['content-type']?.startsWith('multipart/form-data') ? body.toString('latin1') : undefined;

export const uploadNameIgnored: Fault = onUpload((form) => form.replaceAll(/filename="[^"]+"/g, 'filename="file.bin"'));

export const uploadGrown: Fault = onUpload((form) => form.replace(/(\r\n--[^\r\n]*--\s*)$/, '\n$1'));
