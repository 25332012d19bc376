import { dirname, relative } from 'node:path';

export function sourceFolders(root: string) {
  return {
    name: 'source-folders',
    transform(code: string, id: string) {
      if (!code.includes('import.meta.dirname') || id.includes('node_modules')) return;
      return code.replaceAll(
        'import.meta.dirname',
        `__FLOWPACT_FOLDER__(${JSON.stringify(relative(root, dirname(id)))})`,
      );
    },
    renderChunk(code: string, chunk: { fileName: string }) {
      const up = relative(dirname(chunk.fileName), '.') || '.';
      return code.replaceAll(
        /__FLOWPACT_FOLDER__\("([^"]*)"\)/g,
        (_, folder: string) => `(import.meta.dirname + ${JSON.stringify(`/${up}/${folder}`)})`,
      );
    },
  };
}
