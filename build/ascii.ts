interface Bundle {
  [file: string]: { type: string; code?: string };
}

/**
 * Escapes what is not ASCII: one such character makes V8 keep the whole file with two bytes each. Nothing but `String.raw`
 * sees a difference between a character and its escape.
 */
export function asciiOnly() {
  return {
    name: 'ascii-only',
    generateBundle(_options: unknown, bundle: Bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.code && !chunk.code.includes('String.raw'))
          chunk.code = escaped(chunk.code);
      }
    },
  };
}

/** A backslash before a character that needs none is taken for that of the escape. */
const escaped = (code: string): string =>
  code.replaceAll(/(\\*)([\u0080-\uffff])/g, (_, slashes: string, character: string) => {
    const unit = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return slashes.length % 2 === 0 ? slashes + unit : slashes + unit.slice(1);
  });
