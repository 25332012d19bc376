import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { callMethod, describeComponent } from '../../mock/components/describe.ts';
import { callPython, MOST_CODE_CHARACTERS } from '../../mock/python/interpreter.ts';

/** The threads that Python was started in. */
const pythons: Worker[] = [];
process.on('worker', (worker) => pythons.push(worker));

/** Python takes seconds to load. */
const PATIENCE = { timeout: 60_000 };

const component = (line: string) => `from lfx.custom import Component\n\n\nclass Made(Component):\n    ${line}\n`;
const method = (line: string) =>
  component(`def update_build_config(self, build_config, field_value, field_name=None):\n        ${line}`);
const beyond = expect.objectContaining({ status: 400 });

describe('code that clients send', PATIENCE, () => {
  test('is not run', async () => {
    for (const code of ['import os\nos.abort()', 'raise SystemExit', 'def f(x=exit()): pass', 'while True: pass'])
      expect(await callPython('check', code, [])).toEqual({ imports: [], functions: [] });
  });

  test.each([
    'description = __import__("os").getcwd()',
    'description = ().__class__.__name__',
    'description = "x" * 10**9',
    'description = open("/etc/passwd").read()',
    'description = f"{1:>999999999}"',
    'description = "%999999999d" % 1',
    'description = str([[[1 for a in "x" * 1] for b in range(99999)] for c in range(99999)])',
    'while True: pass',
  ])('is refused where only running it would tell: %s', async (line) => {
    await expect(describeComponent(component(line))).rejects.toEqual(beyond);
  });

  test.each([
    'while True: pass',
    'import os',
    'self.anything(build_config)',
    'build_config["a"] = field_value.__class__',
    'exec("x")',
    'for a in [1] * 2: pass',
  ])('is refused where only running a method would tell: %s', async (line) => {
    await expect(callMethod(method(line), 'update_build_config', {}, 'x', 'y')).rejects.toEqual(beyond);
  });

  test('can not grow without end', async () => {
    const doubling = method(
      `build_config["a"] = "x"\n        for i in ${JSON.stringify([...'x'.repeat(60)])}:\n            build_config["a"] += build_config["a"]`,
    );
    await expect(callMethod(doubling, 'update_build_config', {}, 'x', 'y')).rejects.toEqual(beyond);
  });

  test('is understood where it is plain', async () => {
    const plain = method('build_config["a"]["show"] = field_value in ("x", "y") and len(field_name) == 1');
    expect(await callMethod(plain, 'update_build_config', { a: { show: false } }, 'x', 'y')).toEqual({
      a: { show: true },
    });
    const { attributes } = await describeComponent(
      component('display_name = " ".join([word.title() for word in ("a", "b") if word])'),
    );
    expect(attributes).toEqual({ display_name: 'A B' });
  });

  test('is refused where it is too long', async () => {
    const code = 'x'.repeat(MOST_CODE_CHARACTERS + 1);
    await expect(callPython('check', code, [])).rejects.toMatchObject({ status: 413 });
    await expect(callPython('call_method', 'x', 'y'.repeat(40 * MOST_CODE_CHARACTERS))).rejects.toMatchObject({
      status: 413,
    });
  });

  test('finds another Python after one that has grown, whose memory is free then', async () => {
    await callPython('check', 'x = 1', []);
    const ended = once(pythons.at(-1) as Worker, 'exit');
    // Each statement takes Python two kilobytes.
    expect(await callPython('check', 'x = 1\n'.repeat(80_000), [])).toEqual({ imports: [], functions: [] });
    await ended;
    expect(await callPython('check', 'x = 1', [])).toEqual({ imports: [], functions: [] });
  });

  test('finds another Python after a crash', async () => {
    await expect(callPython('exec', 'import os\nos.abort()', {})).rejects.toMatchObject({ name: 'PythonEnded' });
    expect(await callPython('check', 'x = 1', [])).toEqual({ imports: [], functions: [] });
  });
});
