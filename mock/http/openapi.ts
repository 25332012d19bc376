import type { Mock } from '../mock.ts';

const documents = new WeakMap<Mock, object>();

/** GET /openapi.json: the contract, with the mock's release as its version, as a real server does it. */
export function publicDocument(mock: Mock): object {
  let document = documents.get(mock);
  if (!document) {
    const { spec } = mock;
    document = Object.freeze({
      ...spec.document,
      info: { ...spec.document.info, title: 'Langflow', version: spec.releases.at(-1) ?? spec.version },
    });
    documents.set(mock, document);
  }
  return document;
}
