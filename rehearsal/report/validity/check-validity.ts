/** When not to believe the rest: what a careful reader would ask about the measurement before looking at its result. */
import type { GroupFigures } from '../figures.ts';
import { type Group, isUsersOnly, type Run, type Text } from '../run.ts';
import {
  lookDetail,
  lookFailures,
  lookLatency,
  lookLength,
  lookPartial,
  lookSurvivors,
  lookWarmup,
} from './answers.ts';
import { type Check, join, nameOf, type Sighting, t } from './check.ts';
import { checkEqualLoad, checkMachineSpeed, checkRepeats, checkSameMachine } from './conditions.ts';
import { lookGenerator, lookMeasured, lookPlanned } from './generator.ts';

export function checkValidity(groups: readonly Group[], figures: readonly GroupFigures[]): Check[] {
  const runs = groups.flatMap((group) => group.runs.map((run) => ({ run, name: nameOf(group, run) })));
  // What a check of requests would find nothing wrong with, because there are none, it must not call fine.
  const asked = runs.filter(({ run }) => !isUsersOnly(run));
  const perRun = (code: string, title: Text, fine: Text, look: (run: Run) => Sighting | undefined): Check[] => {
    const looked = ['measured', 'generator', 'planned'].includes(code) ? runs : asked;
    if (looked.length === 0) return [];
    const seen = looked.flatMap(({ run, name }) => {
      const sighting = look(run);
      return sighting ? [{ name, sighting }] : [];
    });
    return [join(code, title, fine, seen, looked.length)];
  };
  return [
    ...perRun(
      'measured',
      t('측정됨', 'Measured'),
      asked.length > 0
        ? t('모든 시험에서 응답을 받았습니다.', 'Every run got answers.')
        : t('모든 시험에서 사용자가 다녀갔습니다.', 'Users came in every run.'),
      lookMeasured,
    ),
    ...perRun(
      'generator',
      t('부하 발생기', 'Load generator'),
      t('병목이 아니었습니다.', 'It was not the bottleneck.'),
      lookGenerator,
    ),
    ...perRun(
      'planned',
      t('보낸 부하', 'Load sent'),
      t('계획한 만큼 보냈습니다.', 'As much was sent as planned.'),
      lookPlanned,
    ),
    ...checkEqualLoad(figures),
    ...checkSameMachine(groups),
    ...checkMachineSpeed(groups),
    ...perRun(
      'survivors',
      t('생존 편향', 'Survivor bias'),
      t(
        '모든 요청이 답을 받았으니 백분위에 빠진 것이 없습니다.',
        'Every request was answered: no percentile hides a failure.',
      ),
      lookSurvivors,
    ),
    ...perRun(
      'failures',
      t('빠른 실패', 'Fast failures'),
      t('오류 응답이 지연을 좋게 보이게 하지 않습니다.', 'No error answers flatter the latency.'),
      lookFailures,
    ),
    ...perRun(
      'warmup',
      t('예열', 'Warm-up'),
      t('예열 구간을 모든 수치에서 뺐습니다.', 'The warm-up is cut from every figure.'),
      lookWarmup,
    ),
    ...perRun('length', t('길이', 'Length'), t('p99까지 근거가 충분합니다.', 'Long enough for the p99.'), lookLength),
    ...perRun(
      'partial',
      t('잘린 구간', 'Partial periods'),
      t('처음과 끝의 잘린 구간이 없습니다.', 'No first or last period is partial.'),
      lookPartial,
    ),
    ...perRun(
      'latency',
      t('지연의 뜻', 'What latency means'),
      t('보내기로 한 시각부터 쟀습니다.', 'Counted from the planned send time.'),
      lookLatency,
    ),
    ...perRun(
      'detail',
      t('분포', 'Distribution'),
      t('히스토그램 전체가 있습니다.', 'The full histograms are there.'),
      lookDetail,
    ),
    checkRepeats(groups),
    ...checkNotes(runs),
  ];
}

function checkNotes(runs: readonly { run: Run; name: Text }[]): Check[] {
  const seen = runs.flatMap(({ run, name }) =>
    run.notes.map((text) => ({ name, sighting: { level: 'note' as const, text } })),
  );
  return seen.length > 0 ? [join('files', t('파일', 'Files'), t('', ''), seen, runs.length)] : [];
}

/** Groups about which nothing may be concluded. */
export function unusable(groups: readonly Group[]): Set<string> {
  const bad = groups.filter((group) =>
    group.runs.some((run) => [lookMeasured(run), lookGenerator(run)].some((seen) => seen?.level === 'stop')),
  );
  return new Set(bad.map((group) => group.key));
}
