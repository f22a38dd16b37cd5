/** What must not happen whatever the speed: wrong answers that stay, lost orders, a server that stands still. */
import { formatClock, formatCount, formatMs, formatShare } from '../format.ts';
import { failedShare, type Group, isFailingBeyondRequests, type Run, type Text } from '../run.ts';
import { findStalls } from './stalls.ts';

/** A group with an alarm wins nothing by its speed. */
export interface Alarm {
  group: string;
  text: Text;
}

/** Above this share of failed requests a server is not serving. */
export const ERROR_RATE_MAX = 0.01;

export function findAlarms(groups: readonly Group[]): Alarm[] {
  return groups.flatMap((group) => {
    const seen = new Map<string, Alarm>();
    for (const run of group.runs) {
      for (const alarm of alarmsOf(group, run)) if (!seen.has(alarm.kind)) seen.set(alarm.kind, alarm);
    }
    return [...seen.values()];
  });
}

function alarmsOf(group: Group, run: Run): (Alarm & { kind: string })[] {
  const found: (Alarm & { kind: string })[] = [];
  const add = (kind: string, ko: string, en: string): void => {
    found.push({
      kind,
      group: group.key,
      text: { ko: `${group.label.ko}: ${ko}`, en: `${group.label.en}: ${en}` },
    });
  };
  const { truth, totals } = run;
  if (truth?.orders && truth.orders.lost > 0) {
    const lost = formatCount(truth.orders.lost);
    add('lost', `확인해 준 주문 ${lost}건이 사라졌습니다.`, `${lost} acknowledged order(s) were lost.`);
  }
  if (truth?.orders && truth.orders.doubled > 0) {
    const doubled = formatCount(truth.orders.doubled);
    add('doubled', `주문 ${doubled}건이 두 번 들어갔습니다.`, `${doubled} order(s) were taken twice.`);
  }
  if (truth?.wrongForEver) {
    add(
      'for-ever',
      '메뉴가 바뀐 뒤 끝까지 옛 답을 주었습니다. 영원히 틀립니다.',
      'after a change it gave the old answer to the end. It is wrong for ever.',
    );
  }
  if (truth && truth.blank > 0) {
    const blank = formatCount(truth.blank);
    add('blank', `메뉴 자리에 빈 응답이 ${blank}건 나갔습니다.`, `${blank} answers were blank where a menu belonged.`);
  }
  const errorRate = failedShare(totals);
  if (errorRate > ERROR_RATE_MAX && totals.answered > 0) {
    const share = formatShare(errorRate);
    add('errors', `요청의 ${share}가 실패했습니다.`, `${share} of the requests failed.`);
  }
  const { users } = run;
  const failedUsers = users && users.created > 0 ? users.failed / users.created : 0;
  if (failedUsers > ERROR_RATE_MAX && isFailingBeyondRequests(run)) {
    const share = formatShare(failedUsers);
    const kind = commonestError(totals.errors);
    add(
      'users',
      `사용자의 ${share}가 실패했습니다.${kind === undefined ? '' : ` 가장 많은 까닭: ${kind}`}`,
      `${share} of the users failed${kind === undefined ? '; the file does not say by what.' : `, most often by: ${kind}`}`,
    );
  }
  const [longest] = findStalls(run).sort((a, b) => b.ms - a.ms);
  if (longest) {
    const ms = `${longest.atLeast ? '≥ ' : ''}${formatMs(longest.ms)}`;
    const [from, to] = [formatClock(longest.atS), formatClock(longest.atS + longest.spanS)];
    const when =
      from === to
        ? { ko: `${from}에`, en: `at ${from}` }
        : { ko: `${from}–${to} 사이에`, en: `between ${from} and ${to}` };
    add('stall', `${when.ko} 서버가 ${ms} 동안 멈춰 있었습니다.`, `${when.en} the server stood still for ${ms}.`);
  }
  return found;
}

/** A status code ends no user of Artillery's: an error does. */
function commonestError(errors: Record<string, number>): string | undefined {
  const kinds = Object.entries(errors).filter(([kind]) => !/^\d{3}$/.test(kind));
  return kinds.toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
