import type { FastifyInstance } from 'fastify';
import type { Mock } from '../mock.ts';
import { respond } from '../operation.ts';
import { publicDocument } from './openapi.ts';
import { sendResponse } from './send.ts';

/**
 * FastAPI's paths of the OpenAPI document and of its pages. The pages load their scripts from the same place as
 * FastAPI's.
 */
export const DOCUMENT_PATHS = ['/openapi.json', '/docs', '/redoc'];

/** Adds routes for the document and its pages. */
export function serveDocument(app: FastifyInstance, mock: Mock): void {
  const html = (text: string) => respond(200, { latin1: text }, { 'content-type': 'text/html; charset=utf-8' });
  const responses = [() => respond(200, { json: publicDocument(mock) }), () => html(SWAGGER_UI), () => html(REDOC)];
  DOCUMENT_PATHS.forEach((url, index) => {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      handler: (_request, response) => sendResponse(response, (responses[index] as (typeof responses)[number])()),
    });
  });
}

const page = (title: string, head: string, body: string) =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Langflow - ${title}</title>${head}</head>\n<body>${body}</body>\n</html>\n`;

const CDN = 'https://cdn.jsdelivr.net/npm';

const SWAGGER_UI = page(
  'Swagger UI',
  `<link rel="stylesheet" href="${CDN}/swagger-ui-dist@5/swagger-ui.css">`,
  `<div id="swagger-ui"></div><script src="${CDN}/swagger-ui-dist@5/swagger-ui-bundle.js"></script><script>SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui' })</script>`,
);

const REDOC = page(
  'ReDoc',
  '',
  `<redoc spec-url="/openapi.json"></redoc><script src="${CDN}/redoc@2/bundles/redoc.standalone.js"></script>`,
);
