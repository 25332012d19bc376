// complete-lock.mjs: writes into package-lock.json the optional packages of other platforms that a partial
// registry mirror does not carry. Without them `npm ci` of npm 11 calls the lock out of step ("Missing: X@ from lock file").
// Run it after every change of a dependency. Entries added so have no integrity; npm fills it in where it can see the package.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];
const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** 'binding-linux-arm-gnueabihf' -> { cpu: ['arm'], os: ['linux'] } */
function platform(name) {
  const words = name.split(/[-/_]/);
  const pick = (known) => words.filter((word) => known.includes(word));
  return { cpu: pick(CPU), os: pick(OS) };
}

let added = 0;
for (const [path, owner] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const at = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (at.some((key) => lock.packages[key]) || !/^\d/.test(version)) continue;
    const { cpu, os } = platform(name);
    if (cpu.length === 0) continue;
    lock.packages[at[1]] = {
      version,
      cpu,
      ...(owner.dev && { dev: true }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages added to ${file}`);
