import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../fixtures/profile-pictures');

let pictures: Map<string, Map<string, Buffer>> | undefined;

/** The pictures that users choose from, by folder and name; read when first asked for. */
export function profilePictures(): Map<string, Map<string, Buffer>> {
  pictures ??= new Map(
    readdirSync(FOLDER)
      .sort()
      .map((folder) => [folder, new Map(readdirSync(join(FOLDER, folder)).map((name) => [name, readFileSync(join(FOLDER, folder, name))]))]),
  );
  return pictures;
}
