import { PROBLEMS, type ProblemBody, type ProblemType } from '../../src/contract/index.ts';
import type { Attack } from './attacks.ts';
import { SINK_MARK } from './hostile/sinks.ts';
import type { Sent } from './send.ts';

/** These are about something in the request, and so they name it. */
const NAMES_A_FIELD: readonly ProblemType[] = [
  'invalid',
  'malformed-json',
  'too-large',
  'unsupported-media-type',
  'expectation-failed',
];

/** Where `503 busy` is promised: a process, a store's turns and a file's are bounded. */
const isPromisedBusy = ({ status, headers, body }: Sent): boolean =>
  status === 503 && headers['retry-after'] !== undefined && /"type":"busy"/.test(body);

/** The database answers nobody in time: no fault of the request, and none of ours while the machine is another's. */
export const isUnavailable = (sent: Sent): boolean =>
  sent.status === 503 && sent.headers['retry-after'] !== undefined && !isPromisedBusy(sent);

/** Whether somebody who may not be here may hear this. */
const TURNED_AWAY = [0, 400, 401, 403, 404, 405, 408, 413, 417, 431];

/**
 * What is wrong with an answer, whatever was asked.
 * @param secrets of another house
 * @returns undefined: nothing
 */
export function faultOf(attack: Attack, sent: Sent, secrets: readonly string[]): string | undefined {
  const { status, headers, body } = sent;
  const { operation } = attack;
  // The owner's key opens what is of all stores together.
  const isOwners = !attack.isUnproven && typeof operation.who !== 'string' && !operation.path.includes('{store}');
  const mayKnow = isOwners || attack.isOthers;
  const leaked = mayKnow
    ? undefined
    : secrets.find((secret) => body.includes(secret) || JSON.stringify(headers).includes(secret));
  if (leaked) return 'has something of another store in it';
  if (headers['x-injected'] !== undefined || headers['set-cookie']?.includes(SINK_MARK))
    return 'has a header of ours in it';
  if (isPromisedBusy(sent)) return undefined;
  if (status >= 500) return `is ${status}`;
  if (attack.isUnproven && typeof operation.who !== 'string' && !TURNED_AWAY.includes(status))
    return `lets a stranger in, or tells one what is wrong: ${status}`;
  if (attack.isUnproven && operation.who === 'guest' && status >= 200 && status < 300)
    return `lets in whoever has no token: ${status}`;
  if (attack.mustBeRefused && status > 0 && status < 400) return `takes what nobody asked for: ${status}`;
  if (/\bat .+:\d+:\d+|node_modules|SELECT |INSERT INTO|postgres/.test(body) && status >= 400)
    return 'tells of our insides';
  const type = headers['content-type'] ?? '';
  if (type.startsWith('text/html'))
    return new RegExp(`<[^>]*${SINK_MARK}`).test(body) ? 'is a page with our markup' : undefined;
  if (type.startsWith('text/csv')) return /(^|,)"?[=+\-@]mjx/m.test(body) ? 'is a table with our formula' : undefined;
  if (status < 400 || body === '')
    return status === 0 || status < 400 || attack.method === 'HEAD' ? undefined : emptyBody(attack);
  return problemFault(sent, operation.isPage);
}

const emptyBody = ({ method }: Attack): string | undefined =>
  ['CONNECT', 'TRACE', 'HEAD'].includes(method) ? undefined : 'says nothing';

function problemFault({ status, headers, body }: Sent, isPage: boolean): string | undefined {
  const type = headers['content-type'] ?? 'none';
  if (!type.startsWith('application/problem+json')) return isPage ? undefined : `is no problem but ${type}`;
  let problem: ProblemBody;
  try {
    problem = JSON.parse(body) as ProblemBody;
  } catch {
    return 'is no JSON';
  }
  const kind = PROBLEMS[problem.type];
  if (!kind) return `is of no kind on the list: ${problem.type}`;
  if (kind.status !== status || problem.status !== status || problem.title !== kind.title)
    return `differs from its kind ${problem.type}`;
  const fields = problem.fields ?? [];
  if (NAMES_A_FIELD.includes(problem.type) && !fields.some(({ field, problem: what }) => field && what))
    return `is about a field and names none: ${body.slice(0, 300)}`;
  return undefined;
}
