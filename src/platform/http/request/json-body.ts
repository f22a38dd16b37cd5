import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const UTF8 = /^utf-?8$/i;

/**
 * Reads bodies as JSON in UTF-8, and refuses what only looks like it: other encodings would be stored as signs that nobody wrote.
 * A request without a body may say that it is JSON; browsers' libraries do so for DELETE and for an empty POST.
 */
export function readJsonBodies(
  http: Pick<FastifyInstance, 'addContentTypeParser' | 'getDefaultJsonParser' | 'removeContentTypeParser'>,
): void {
  const parse = http.getDefaultJsonParser('error', 'error');
  http.removeContentTypeParser(['application/json', 'text/plain']);
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined);
    const refused = refusal(request, body);
    if (refused) return done(refused);
    parse(request, body.toString('utf8'), done);
  });
}

function refusal(request: FastifyRequest, body: Buffer): Problem | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return new Problem('unsupported-media-type', {
      detail: 'The body must not be compressed.',
      fields: [{ field: 'Content-Encoding', problem: 'is not supported', allowed: 'none, or identity' }],
    });
  }
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !UTF8.test(charset)) {
    return new Problem('unsupported-media-type', {
      detail: 'The body must be in UTF-8.',
      fields: [{ field: 'Content-Type', problem: 'names another charset', allowed: 'application/json in UTF-8' }],
    });
  }
  if (!isUtf8(body)) {
    return new Problem('malformed-json', {
      detail: 'The body is not UTF-8.',
      fields: [{ field: 'body', problem: 'is not in UTF-8', allowed: 'JSON in UTF-8' }],
    });
  }
  return undefined;
}
