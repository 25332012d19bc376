import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { GenericContainer, type StartedTestContainer, StartupCheckStrategy, type StartupStatus } from 'testcontainers';
import { account, langflowSettings, newSigningKey } from './account.ts';
import { waitUntilReady } from './ready.ts';
import { messageOf, PATIENCE, type Target, TargetError, type TargetOptions, tail } from './target.ts';

const PORT = 7860;
const GUARD = join(import.meta.dirname, `container-guard${extname(import.meta.filename)}`);

/** Ends Testcontainers' wait at once: our own reports more (whether the worker died, what the log says). */
class NoWait extends StartupCheckStrategy {
  override async checkStartupState(): Promise<StartupStatus> {
    return 'SUCCESS';
  }
}

/** Starts a Langflow image in a container that lives as long as this process. */
export async function openImage(image: string, options: TargetOptions): Promise<Target> {
  // Ryuk, Testcontainers' clean-up container, is one more image to pull; our guard does its work.
  // TESTCONTAINERS_RYUK_DISABLED=false switches it on again.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const credentials = account(options);
  const signingKey = newSigningKey();
  const patience = { ...PATIENCE, ...options.patience };
  const log = new ContainerLog();
  options.progress?.(`Starting a container of ${image}`);
  const container = await startContainer(image, langflowSettings(credentials, signingKey), log);
  const guard = guardContainer(container.getId());
  const close = async () => {
    await container.stop();
    guard.kill('SIGKILL');
  };
  try {
    const url = `http://${await hostOf(container)}:${container.getMappedPort(PORT)}`;
    options.progress?.(`Waiting for ${url}`);
    await waitUntilReady({ url, ...credentials, logs: log.text, ended: log.ended }, patience);
    const expects = expectationsOf(image);
    return {
      kind: 'image',
      name: `image:${image}`,
      url,
      credentials,
      signingKey,
      ...(expects && { expects }),
      logs: log.text,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    const kept = log.keep();
    await close();
    throw new TargetError(
      `${image} did not become ready: ${messageOf(error)}. Its log is kept in ${kept}; the end of it:\n${tail(log.text())}`,
    );
  }
}

async function startContainer(
  image: string,
  settings: Record<string, string>,
  log: ContainerLog,
): Promise<StartedTestContainer> {
  try {
    return await new GenericContainer(image)
      .withExposedPorts(PORT)
      .withEnvironment(settings)
      .withLogConsumer((stream) => log.follow(stream))
      .withWaitStrategy(new NoWait())
      .start();
  } catch (error) {
    throw new TargetError(whyNotStarted(image, messageOf(error)), { cause: error });
  }
}

function whyNotStarted(image: string, message: string): string {
  if (message.includes('container runtime strategy')) {
    return 'No container runtime is available: start Docker (`systemctl start docker`, or Docker Desktop), or name the one to use in DOCKER_HOST';
  }
  if (/\(HTTP code (404|500)\)|no such (image|host)|pull access denied|manifest|not found/i.test(message)) {
    return `The image ${image} is not on this machine and could not be pulled: \`docker pull ${image}\` where a registry is at hand, or build one with \`npm run image -- 1.7.3\` and take --target image:flowpact/langflow:1.7.3. (${message})`;
  }
  return `No container of ${image} could be started: ${message}`;
}

/** If the image's tag is a release, the deployment must report that version. */
function expectationsOf(image: string): Target['expects'] {
  const version = /:(\d+\.\d+\.\d+)$/.exec(image)?.[1];
  return version === undefined ? undefined : { version };
}

/**
 * Inside a container Testcontainers uses the bridge's gateway as the host of mapped ports; with a daemon in the same
 * container it is 127.0.0.1. Tries both; TESTCONTAINERS_HOST_OVERRIDE decides.
 */
async function hostOf(container: StartedTestContainer): Promise<string> {
  const reported = container.getHost();
  if (process.env.TESTCONTAINERS_HOST_OVERRIDE) return reported;
  for (const host of [reported, '127.0.0.1']) if (await connects(host, container.getMappedPort(PORT))) return host;
  return reported;
}

function connects(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: 3_000 });
  const settle = (yes: boolean) => () => {
    socket.destroy();
    resolve(yes);
  };
  socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  return promise;
}

/** Starts a process that removes the container when this process ends without closing it, even by SIGKILL. */
function guardContainer(id: string): ChildProcess {
  const guard = spawn(process.execPath, [GUARD, id], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  return guard;
}

class ContainerLog {
  #text = '';
  #ended: string | undefined;

  follow(stream: NodeJS.ReadableStream): void {
    stream.on('data', (chunk) => {
      this.#text += chunk;
    });
    stream.on('end', () => {
      this.#ended = 'its container ended';
    });
  }

  text = () => this.#text;
  ended = () => this.#ended;

  keep(): string {
    const file = join(mkdtempSync(join(tmpdir(), 'flowpact-')), 'container.log');
    writeFileSync(file, this.#text);
    return file;
  }
}
