import { unzipSync, zipSync } from 'fflate';
import type { Fault, ProxiedRequest, ProxiedResponse } from './mutant.ts';

/** Faults of operations that upload or download files. */

const isFile = ({ status, headers, body }: ProxiedResponse): boolean =>
  status < 300 && body.length > 0 && !/json|event-stream/.test(String(headers['content-type']));

const onFile =
  (spoil: (response: ProxiedResponse) => ProxiedResponse | undefined): Fault =>
  async (request, { send, applied }) => {
    const response = await send(request);
    const spoiled = isFile(response) ? spoil(response) : undefined;
    if (spoiled) applied();
    return spoiled ?? response;
  };

/** Clears the highest bit of each byte, as when bytes are decoded as text; ASCII text gets a line feed at its end. */
export const otherBytes: Fault = onFile((response) => {
  const body = Buffer.from(response.body.map((byte) => byte & 0x7f));
  return { ...response, body: body.equals(response.body) ? Buffer.concat([body, Buffer.from('\n')]) : body };
});

export const otherMediaType = (types: string[]): Fault =>
  onFile((response) => {
    const at = types.indexOf(String(response.headers['content-type']));
    return at === -1
      ? undefined
      : { ...response, headers: { ...response.headers, 'content-type': types[(at + 1) % types.length] as string } };
  });

export const otherFilename: Fault = onFile((response) => {
  const disposition = response.headers['content-disposition'];
  if (disposition === undefined) return undefined;
  return {
    ...response,
    headers: {
      ...response.headers,
      'content-disposition': String(disposition).replace(/filename(\*=UTF-8''|="?)/, 'filename$1other-'),
    },
  };
});

const onZip = (spoil: (entries: [string, Uint8Array][]) => [string, Uint8Array][]): Fault =>
  onFile((response) => {
    const isZip = String(response.headers['content-type']).includes('zip');
    return isZip
      ? { ...response, body: Buffer.from(zipSync(Object.fromEntries(spoil(Object.entries(unzipSync(response.body)))))) }
      : undefined;
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
