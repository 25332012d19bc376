// build.ts VERSION [BASE]: builds flowpact/langflow:VERSION with the Dockerfile beside this file.
import { spawnSync } from 'node:child_process';
import { DEFAULT_RELEASE, releaseOf } from '../releases.ts';
import { messageOf } from '../target.ts';

/** What a build behind a mirror or a proxy needs to know of the host's settings. */
const PASSED_ON = ['UV_DEFAULT_INDEX', 'PIP_INDEX_URL', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

try {
  process.exitCode = build(process.argv[2] ?? DEFAULT_RELEASE, process.argv[3]);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}

function build(version: string, base: string | undefined): number {
  const release = releaseOf(version);
  const args = {
    LANGFLOW: version,
    LANGFLOW_BASE: release.base,
    EXCLUDE_NEWER: release.excludeNewer ?? '',
    EXTRAS: [...release.extras, 'psycopg2-binary', 'psycopg[binary]'].join(' '),
    ...(base !== undefined && { BASE: base }),
  };
  const buildArgs = [
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...PASSED_ON.filter((name) => process.env[name]).flatMap((name) => ['--build-arg', name]),
  ];
  const { status, error } = spawnSync(
    'docker',
    ['build', '-t', `flowpact/langflow:${version}`, ...buildArgs, import.meta.dirname],
    { stdio: 'inherit' },
  );
  if (error) throw new Error(`docker can't be run (${error.message}): install its command line (Debian: docker.io)`);
  if (status === 0)
    console.log(`Built flowpact/langflow:${version}: npm run certify -- --target image:flowpact/langflow:${version}`);
  return status ?? 1;
}
