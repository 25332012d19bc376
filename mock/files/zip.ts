import type { Content } from './content.ts';

/** A ZIP of files without compression, made in pieces: no file is in memory as a whole. */
export async function* zipChunks(files: { name: string; content: Content }[], at: Date): AsyncGenerator<Buffer> {
  const { Zip, ZipPassThrough } = await import('fflate');
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
