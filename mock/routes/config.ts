import { DISPLAY_LIMITS } from '../display.ts';
import type { Mock } from '../mock.ts';
import type { Handlers, JsonResponse } from '../operation.ts';

type Version = JsonResponse<'readVersion'>;
type Config = JsonResponse<'readConfig'>;

/** The configuration of a deployment without settings. `configDefaults` of a profile may change it. */
const DEFAULTS: Config = {
  feature_flags: { mvp_components: false },
  serialization_max_items_length: DISPLAY_LIMITS.items,
  serialization_max_text_length: DISPLAY_LIMITS.text,
  frontend_timeout: 0,
  auto_saving: true,
  auto_saving_interval: 1000,
  health_check_max_retries: 5,
  max_file_size_upload: 1024,
  webhook_polling_interval: 5000,
  public_flow_cleanup_interval: 3600,
  public_flow_expiration: 86400,
  event_delivery: 'streaming',
  webhook_auth_enable: false,
  voice_mode_available: true,
  default_folder_name: 'Starter Project',
  hide_getting_started_progress: false,
};

interface ConfigResponses {
  version: Version;
  full: Config;
  public: object;
}

// Version and configuration do not change while a mock runs, so their JSON is written once.
const responses = new WeakMap<Mock, ConfigResponses>();

function responsesOf(mock: Mock): ConfigResponses {
  let found = responses.get(mock);
  if (!found) {
    found = makeResponses(mock);
    responses.set(mock, found);
  }
  return found;
}

function makeResponses({ spec, settings }: Mock): ConfigResponses {
  const release = spec.releases.at(-1) ?? spec.version;
  const inParts = spec.facts['configWithoutCredential'] === 'public';
  const config: Config = {
    ...DEFAULTS,
    ...(spec.facts['configDefaults'] as Partial<Config> | undefined),
    max_file_size_upload: settings.maxFileSizeUpload,
    webhook_auth_enable: settings.webhookAuth,
  };
  const { max_file_size_upload, event_delivery, voice_mode_available, frontend_timeout } = config;
  return {
    version: Object.freeze({ version: release, main_version: release, package: 'Langflow' as const }),
    full: Object.freeze(inParts ? { type: 'full', ...config } : config),
    public: Object.freeze({
      type: 'public',
      max_file_size_upload,
      event_delivery,
      voice_mode_available,
      frontend_timeout,
    }),
  };
}

export const configRoutes = {
  readVersion: (_, mock) => responsesOf(mock).version,
  // On 1.7 a request without a credential is refused before; from 1.8 on it gets the public part (CONFIG-030).
  readConfig: ({ caller }, mock) => (caller ? responsesOf(mock).full : (responsesOf(mock).public as Config)),
} satisfies Handlers;
