import { splitName } from './names.ts';

const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
};
const OTHERS: Record<string, string> = {
  json: 'application/json',
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  webm: 'video/webm',
  zip: 'application/zip',
  tar: 'application/x-tar',
  gz: 'application/gzip',
  xml: 'application/xml',
  yaml: 'application/x-yaml',
  yml: 'application/x-yaml',
};

/** Langflow's media type for the extension of a name; undefined for a name that ends in a dot. */
export function mediaTypeOf(name: string): string | undefined {
  const { root, extension } = splitName(name);
  if (extension === '' && root !== name) return undefined;
  const key = (extension || root).toLowerCase();
  return IMAGES[key] ?? OTHERS[key] ?? 'application/octet-stream';
}

/** The first bytes of the image formats that Langflow opens: PNG, JPEG, GIF, BMP, WebP. */
const SIGNATURE = /^(?:\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|BM|RIFF.{4}WEBP)/s;

export const isImage = (bytes: Buffer): boolean => SIGNATURE.test(bytes.toString('latin1', 0, 16));
