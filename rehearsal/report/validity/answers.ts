/** What the figures of one run can bear: who is missing from them, what was cut, how much they stand on. */
import { BEYOND_MIN } from '../figures.ts';
import { formatCount, formatMs, formatShare } from '../format.ts';
import { failedShare, type Run } from '../run.ts';
import { type Sighting, t } from './check.ts';

const SHORT_S = 30;

export function lookSurvivors(run: Run): Sighting | undefined {
  const { attempted, answered, timedOut, refused } = run.totals;
  const unanswered = run.totals.unanswered - refused;
  if (answered === 0) return undefined;
  if (unanswered === 0 && refused > 0) {
    return {
      level: 'note',
      text: t(
        `${formatCount(refused)}건은 곧바로 거절되었습니다. 기다린 것이 아니므로 지연에 넣지 않고 오류로만 셉니다.`,
        `${formatCount(refused)} requests were refused at once: nobody waited, so they are errors and no part of the latency.`,
      ),
    };
  }
  if (unanswered === 0) return undefined;
  const share = unanswered / attempted;
  const assumed =
    run.timeoutKnown || timedOut === 0
      ? t('', '')
      : t(
          ` (제한 시간은 Artillery 기본값 ${formatMs(run.timeoutMs)}로 가정)`,
          ` (time-out assumed to be Artillery's default, ${formatMs(run.timeoutMs)})`,
        );
  return {
    level: share >= 0.001 ? 'warn' : 'note',
    text: t(
      `${formatCount(unanswered)}건(${formatShare(share)})이 답을 받지 못했습니다. 어떤 응답보다 느린 것으로 셉니다${assumed.ko}.`,
      `${formatCount(unanswered)} requests (${formatShare(share)}) got no answer. They count as slower than every answer${assumed.en}.`,
    ),
    many: t(
      '답을 받지 못한 요청이 있습니다. 어떤 응답보다 느린 것으로 셉니다.',
      'Some requests got no answer. They count as slower than every answer.',
    ),
  };
}

export function lookFailures(run: Run): Sighting | undefined {
  const { answered, good, late } = run.totals;
  const share = failedShare({ attempted: answered, good, ...(late !== undefined ? { late } : {}) });
  if (share <= 0.01) return undefined;
  return {
    level: 'warn',
    text: t(
      `응답의 ${formatShare(share)}가 오류입니다. 빨리 실패한 것도 지연에 들어 있습니다.`,
      `${formatShare(share)} of the answers are errors; failing fast is part of the latency.`,
    ),
    many: t(
      '응답의 1 % 넘게 오류입니다. 빨리 실패한 것도 지연에 들어 있습니다.',
      'More than 1 % of the answers are errors; failing fast is part of the latency.',
    ),
  };
}

export function lookWarmup(run: Run): Sighting | undefined {
  if (run.warmupInLatency) {
    return {
      level: 'warn',
      text: t(
        '파일에 구간이 없어 예열을 빼지 못했습니다.',
        'The file has no periods, so the warm-up could not be cut.',
      ),
    };
  }
  if (run.warmupS > 0) return undefined;
  const measured = run.periods.filter((period) => period.latency && period.attempted > 0);
  const [first, ...rest] = measured.map((period) => period.latency?.p95 ?? 0);
  const middle = [...rest].sort((a, b) => a - b)[rest.length >> 1] ?? 0;
  if (first !== undefined && rest.length >= 3 && first > 2 * middle + run.stepMs) {
    return {
      level: 'warn',
      text: t(
        '빼지 않았고, 첫 구간이 뚜렷이 느립니다. --warmup을 써 보세요.',
        'Nothing was cut, and the first period is clearly slower. Try --warmup.',
      ),
    };
  }
  return { level: 'note', text: t('아무것도 빼지 않았습니다.', 'Nothing was cut.') };
}

export function lookLength(run: Run): Sighting | undefined {
  const beyond = run.totals.attempted * 0.01;
  if (run.totals.attempted > 0 && beyond < BEYOND_MIN) {
    return {
      level: 'warn',
      text: t(
        `요청 ${formatCount(run.totals.attempted)}건으로는 p99가 몇 건에 달려 있습니다.`,
        `With ${formatCount(run.totals.attempted)} requests the p99 hangs on a few of them.`,
      ),
      many: t('요청이 적어 p99가 몇 건에 달려 있습니다.', 'So few requests that the p99 hangs on some of them.'),
    };
  }
  if (run.totals.attempted > 0 && run.spanS < SHORT_S) {
    return {
      level: 'warn',
      text: t(
        `${run.spanS.toFixed(0)}초는 짧습니다. 가비지 수집이나 만료를 한 번도 만나지 않을 수 있습니다.`,
        `${run.spanS.toFixed(0)} s is short: it may meet no garbage collection and no expiry.`,
      ),
      many: t(`${SHORT_S}초보다 짧습니다.`, `Shorter than ${SHORT_S} s.`),
    };
  }
  return undefined;
}

export function lookPartial(run: Run): Sighting | undefined {
  const partial = run.periods.filter((period) => period.partial && !period.warmup).length;
  if (partial === 0) return undefined;
  return {
    level: 'note',
    text: t(
      `${partial}개. 초당 수치는 실제 덮은 시간으로 나눴습니다.`,
      `${partial} of them; rates divide by the time really covered.`,
    ),
    many: t(
      '처음이나 끝에 있습니다. 초당 수치는 실제 덮은 시간으로 나눴습니다.',
      'First or last; rates divide by the time really covered.',
    ),
  };
}

export function lookLatency(run: Run): Sighting | undefined {
  if (run.latencyFrom === 'planned' || !run.latency) return undefined;
  return {
    level: 'note',
    text: t(
      'Artillery는 요청을 쓴 때부터 첫 바이트까지 잽니다. 연결을 기다린 시간과 본문은 빠집니다.',
      'Artillery counts from writing the request to the first byte: waiting for a connection and the body are not in it.',
    ),
  };
}

export function lookDetail(run: Run): Sighting | undefined {
  if (!run.latency || run.latency.detail === 'full') return undefined;
  return {
    level: 'note',
    text: t(
      '파일에 분포가 없습니다. 알려진 백분위 사이는 그어 넣은 것입니다.',
      'The file has no distribution; between the percentiles it knows, lines are drawn.',
    ),
  };
}
