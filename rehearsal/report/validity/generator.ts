/** Did the load arrive as planned, or was the generator itself the limit? */

import { formatCount, formatMs, formatRate, formatShare } from '../format.ts';
import { isOwnFault } from '../read/failures.ts';
import { isAllWarmup, isUsersOnly, type Run } from '../run.ts';
import { latencyAt } from '../run-figures.ts';
import { type Sighting, t } from './check.ts';

export const CPU_SHARE_WARN = 0.75;
export const CPU_SHARE_STOP = 0.95;
/** CPU that Artillery itself needs for a request, as measured on one core. */
const ARTILLERY_CPU_S = 350e-6;
const SEND_LAG_WARN_MS = 10;
/** Latency counts from the planned time, so our own lateness is in it: past this share of the p99 it is what was measured. */
const SEND_LAG_STOP_SHARE = 0.5;
const DROPPED_WARN = 0.001;
const DROPPED_STOP = 0.02;
/** Beyond this share of requests that the generator's own machine failed, it was measured and not the server. */
const OWN_FAULTS_STOP = 0.02;

export function lookMeasured(run: Run): Sighting | undefined {
  if (run.totals.answered > 0) return undefined;
  if (isUsersOnly(run) && (run.users?.completed ?? 0) + (run.users?.failed ?? 0) > 0) return undefined;
  if (isAllWarmup(run))
    return { level: 'stop', text: t('예열을 빼면 남는 것이 없습니다.', 'The warm-up leaves nothing of it.') };
  if (run.totals.attempted > 0) {
    return {
      level: 'stop',
      text: t(
        `${formatCount(run.totals.attempted)}건을 보냈지만 답이 하나도 없었습니다. 서버가 떠 있었나요?`,
        `${formatCount(run.totals.attempted)} requests were sent and none was answered. Was the server up?`,
      ),
    };
  }
  return { level: 'stop', text: t('아무 요청도 기록되지 않았습니다.', 'Not a single request was recorded.') };
}

export function lookGenerator(run: Run): Sighting | undefined {
  const { cpuShare, sendLagP99Ms = 0, dropped } = run.generator;
  const { ownFaults, attempted } = run.totals;
  if (ownFaults > 0) {
    const kinds = Object.keys(run.totals.errors).filter(isOwnFault).join(', ');
    return {
      level: ownFaults > OWN_FAULTS_STOP * attempted ? 'stop' : 'warn',
      text: t(
        `${formatCount(ownFaults)}건이 발생기 쪽에서 막혔습니다(${kinds}): 포트나 파일이 모자랐습니다.`,
        `${formatCount(ownFaults)} requests never left its machine (${kinds}): it ran out of ports or files.`,
      ),
    };
  }
  const droppedShare = dropped / Math.max(1, run.totals.attempted + dropped);
  if (droppedShare > DROPPED_WARN) {
    const level = droppedShare > DROPPED_STOP ? 'stop' : 'warn';
    const lost = formatShare(droppedShare);
    return {
      level,
      text: t(`계획한 것의 ${lost}를 보내지 못했습니다.`, `${lost} of what was planned was never sent.`),
    };
  }
  if (cpuShare !== undefined && cpuShare > CPU_SHARE_WARN) {
    const level = cpuShare > CPU_SHARE_STOP ? 'stop' : 'warn';
    const used = formatShare(cpuShare);
    return {
      level,
      text: t(
        `코어 하나의 ${used}를 썼습니다. 서버가 아니라 자신을 쟀을 수 있습니다.`,
        `It used ${used} of a core: it may have measured itself.`,
      ),
    };
  }
  if (sendLagP99Ms > SEND_LAG_WARN_MS) {
    const lag = formatMs(sendLagP99Ms);
    const p99 = latencyAt(run, 0.99)?.ms ?? 0;
    return {
      level: sendLagP99Ms > p99 * SEND_LAG_STOP_SHARE ? 'stop' : 'warn',
      text: t(`요청 100건 중 1건은 ${lag} 넘게 늦게 떠났습니다.`, `1 of 100 requests left more than ${lag} late.`),
    };
  }
  if (cpuShare === undefined && isUsersOnly(run)) {
    return { level: 'note', text: t('CPU를 재지 않았습니다.', 'Its CPU was not watched.') };
  }
  if (cpuShare === undefined && run.source !== 'crowd') return estimateArtillery(run);
  return undefined;
}

/** Nobody watched it: what Artillery usually needs tells whether it could have been the limit. */
function estimateArtillery(run: Run): Sighting {
  const perSecond = run.spanS > 0 ? run.totals.attempted / run.spanS : 0;
  const share = perSecond * ARTILLERY_CPU_S;
  const used = formatShare(Math.min(share, 1));
  if (share > CPU_SHARE_WARN) {
    return {
      level: 'warn',
      text: t(
        `CPU를 재지 않았습니다. 초당 ${formatRate(perSecond)}건이면 Artillery 자신이 코어의 약 ${used}를 씁니다.`,
        `Its CPU was not watched. At ${formatRate(perSecond)} requests/s Artillery itself needs about ${used} of a core.`,
      ),
    };
  }
  return {
    level: 'note',
    text: t(
      `CPU를 재지 않았습니다. 이 부하면 Artillery가 코어의 ${used}쯤 씁니다.`,
      `Its CPU was not watched; at this load Artillery needs about ${used} of a core.`,
    ),
  };
}

export function lookPlanned(run: Run): Sighting | undefined {
  const skipped = run.users?.skipped ?? 0;
  if (skipped > 0) {
    const share = skipped / Math.max(1, skipped + (run.users?.created ?? 0));
    return {
      level: share > 0.05 ? 'warn' : 'note',
      text: t(
        `스크립트가 정한 동시 사용자 수(maxVusers)를 넘는 ${formatCount(skipped)}명(${formatShare(share)})은 시작하지 않았습니다.`,
        `${formatCount(skipped)} users (${formatShare(share)}) were not started: they were more at once than the script allows (maxVusers).`,
      ),
    };
  }
  if (run.planned && run.users) return lookPlannedUsers(run.planned, run.users.created);
  const planned = run.offeredPerSecond;
  if (planned === undefined)
    return {
      level: 'note',
      text: t(
        '계획한 부하가 적혀 있지 않아 보낸 것만 압니다.',
        'The planned load is not written down; only what was sent is known.',
      ),
    };
  const sent = run.spanS > 0 ? run.totals.attempted / run.spanS : 0;
  if (planned <= 0 || sent >= planned * 0.95) return undefined;
  return {
    level: 'warn',
    text: t(
      `초당 ${formatRate(planned)}건을 계획했으나 ${formatRate(sent)}건만 나갔습니다.`,
      `${formatRate(planned)} requests/s were planned and ${formatRate(sent)} left.`,
    ),
    many: t('계획보다 5 % 넘게 적게 나갔습니다.', 'More than 5 % less was sent than planned.'),
  };
}

function lookPlannedUsers({ users }: NonNullable<Run['planned']>, created: number): Sighting | undefined {
  if (created >= users * 0.95) return undefined;
  return {
    level: 'warn',
    text: t(
      `사용자 ${formatCount(users)}명을 계획했으나 ${formatCount(created)}명만 시작했습니다.`,
      `${formatCount(users)} users were planned and ${formatCount(created)} began.`,
    ),
  };
}
