import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../problem.ts';

/** What Node finds wrong with a request before there is one. */
function toClientProblem(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', { detail: 'The head or the body of the request took too long.' });
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers-too-large', { detail: 'The headers are larger than 16 KiB.' });
    default:
      return new Problem('malformed-request', { detail: 'This is no HTTP request that can be read.' });
  }
}

/** Answers on a connection whose request could not be read, and closes it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, counted: (type: string) => void): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = toClientProblem(error.code);
  counted(problem.type);
  const body = JSON.stringify(problem.toBody());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Error'}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  // Who goes on sending is not read any more, and hears of it when the answer has left.
  socket.once('finish', () => socket.destroy());
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers an `Expect` that nobody can meet, which Node would do without a word. */
export function refuseExpectations(server: Server, counted: (type: string) => void): void {
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = new Problem('expectation-failed', {
      fields: [{ field: 'Expect', problem: 'cannot be met', allowed: '100-continue' }],
    });
    counted(problem.type);
    const body = JSON.stringify(problem.toBody());
    response
      .writeHead(problem.status, {
        'content-type': 'application/problem+json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      })
      .end(body);
  });
}
