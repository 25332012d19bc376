import { createHash } from 'node:crypto';
import names from '../../fixtures/profile-pictures.json' with { type: 'json' };

let pictures: Map<string, Map<string, Buffer>> | undefined;

/** The pictures that users choose from, by folder and name. Names are a deployment's, the drawings are ours. */
export function profilePictures(): Map<string, Map<string, Buffer>> {
  pictures ??= new Map(
    Object.entries(names).map(([folder, list]) => [folder, new Map(list.map((name) => [name, draw(folder, name)]))]),
  );
  return pictures;
}

/** Draws a person or a planet in colours that depend on the name. */
function draw(folder: string, name: string): Buffer {
  const [ground = 0, figure = 0, rest = 0] = createHash('sha256').update(name).digest();
  const colour = (byte: number, light: number) => `hsl(${Math.round((byte * 360) / 256)} 60% ${light}%)`;
  const shape =
    folder === 'People'
      ? `<path d="M10 58a22 18 0 0 1 44 0" fill="${colour(rest, 35)}"/><circle cx="32" cy="26" r="13" fill="${colour(figure, 70)}"/>`
      : `<circle cx="32" cy="32" r="15" fill="${colour(figure, 60)}"/><ellipse cx="32" cy="32" rx="27" ry="7" fill="none" stroke="${colour(rest, 75)}" stroke-width="3"/>`;
  const circle = `<circle cx="32" cy="32" r="32" fill="${colour(ground, folder === 'People' ? 90 : 25)}"/>`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${circle}${shape}</svg>`);
}
