import type { Content } from './content.ts';

/** Most bytes of files that are made into a ZIP at once. */
const MOST_AT_ONCE_BYTES = 4 * 1024 * 1024;

/**
 * A ZIP of files without compression. A small one is made at once, with the sizes before each file, as Python writes
 * it; a larger one in pieces, with the sizes behind each file, so that no file is in memory as a whole.
 */
export async function* zipChunks(files: { name: string; content: Content }[], at: Date): AsyncGenerator<Buffer> {
  const { Zip, ZipPassThrough, zipSync } = await import('fflate');
  if (files.reduce((sum, { content }) => sum + content.size, 0) <= MOST_AT_ONCE_BYTES) {
    const entries = Object.fromEntries(files.map(({ name, content }) => [name, content.bytes()]));
    yield Buffer.from(zipSync(entries, { level: 0, mtime: at }));
    return;
  }
  const ready: Buffer[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  });
  for (const { name, content } of files) {
    const entry = new ZipPassThrough(name);
    entry.mtime = at;
    zip.add(entry);
    for await (const chunk of content.chunks()) {
      entry.push(chunk);
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* ready;
}
