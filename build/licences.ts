import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Shipped {
  name: string;
  version: string;
  license: string;
  author: string;
  text: string | undefined;
}

/** Collects the packages whose code is in the bundle, and writes their licences to a file. */
export function thirdPartyLicences(file: string) {
  const folders = new Set<string>();
  return {
    name: 'third-party-licences',
    renderChunk(_code: string, chunk: { moduleIds: string[] }) {
      for (const id of chunk.moduleIds) if (id.includes('/node_modules/')) folders.add(packageFolder(id));
    },
    writeBundle() {
      const shipped = [...folders]
        .map(describe)
        .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
      writeFileSync(
        file,
        `The files of this package hold code of these packages.\n\n${shipped.map(section).join('\n')}`,
      );
    },
  };
}

/** The folder below node_modules that has a name: `…/node_modules/@scope/name`, not a package.json of a subfolder. */
function packageFolder(id: string): string {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  const from = path.lastIndexOf('/node_modules/') + '/node_modules/'.length;
  const [first = '', second = ''] = path.slice(from).split('/');
  return path.slice(0, from) + (first.startsWith('@') ? `${first}/${second}` : first);
}

/** @throws Error for a package that names no licence: it can't be shipped */
function describe(folder: string): Shipped {
  const { name, version, license, licenses, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const id = license?.type ?? license ?? licenses?.map((one: { type: string }) => one.type).join(' OR ');
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!id) throw new Error(`${name} ${version} names no licence (${folder})`);
  return {
    name,
    version,
    license: id,
    author: author?.name ?? author ?? '',
    text: file && readFileSync(join(folder, file), 'utf8').trim(),
  };
}

function section({ name, version, license, author, text }: Shipped): string {
  const head = `${'-'.repeat(80)}\n${name} ${version}: ${license}${author && `, ${author}`}\n`;
  return text === undefined ? head : `${head}\n${text}\n`;
}
