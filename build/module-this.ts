/** In a CommonJS file `this` is its exports; a bundler makes it undefined where nothing else says that the file is one. */
export function moduleThis(files: RegExp) {
  return {
    name: 'module-this',
    transform(code: string, id: string) {
      return files.test(id) ? `(function () {\n${code}\n}).call(module.exports);` : undefined;
    },
  };
}
