import type { Ladder } from './rung.ts';

/**
 * The rest of the server is the same at every rung, and is written down with it, so that a changed default cannot pass
 * unnoticed.
 */
const REST = { INTAKE: 'grouped', EFFECTS: 'queued', ROLLUP: 'scheduled', WORKERS: '1' };

/** What DESIGN promises: a change is visible within a second. */
const PROMISE_MS = 1_000;
/** Short enough to expire several times in half a minute. */
const TTL_MS = 5_000;
/** A value is as old as that, and a load's time, at most. */
const STALE_MS_MAX = TTL_MS + 1_000;
const TTL = { CACHE_TTL_MS: String(TTL_MS) };

/** What does a cache buy, and what can it break? The classic five cases, and ours. */
export const cacheLadder: Ladder = {
  name: 'cache',
  rungs: [
    {
      name: 'no-cache',
      label: { ko: '캐시 없음', en: 'No cache' },
      step: 0,
      switches: { CACHE: 'off', ...REST },
      changes: true,
      expect: { ko: '맞지만 느리다', en: 'right and slow', staleMsMax: 0, wrongForEver: false, blank: false },
    },
    {
      name: 'no-expiry-cache',
      label: { ko: '만료 없는 캐시', en: 'Cache without expiry' },
      step: 1,
      switches: { CACHE: 'memory', CACHE_REFRESH: 'never', ...REST },
      changes: false,
      expect: {
        ko: '아무것도 바뀌지 않으면 빠르고 맞다',
        en: 'fast, and right while nothing changes',
        staleMsMax: 0,
        wrongForEver: false,
        blank: false,
      },
    },
    {
      name: 'no-expiry-error-cache',
      label: { ko: '만료 없는 캐시, 가격 변경', en: 'Cache without expiry, while prices change' },
      step: 2,
      switches: { CACHE: 'memory', CACHE_REFRESH: 'never', ...REST },
      changes: true,
      expect: {
        ko: '빠르지만 끝까지 틀린다',
        en: 'fast and wrong for ever',
        staleMsMax: Number.POSITIVE_INFINITY,
        wrongForEver: true,
        blank: false,
      },
    },
    {
      name: 'expiry-cache',
      label: { ko: '만료 캐시', en: 'Cache with expiry' },
      step: 3,
      switches: { CACHE: 'memory', CACHE_REFRESH: 'expiry', ...TTL, ...REST },
      changes: true,
      expect: {
        ko: '수명만큼 틀릴 수 있다',
        en: 'wrong up to the lifetime',
        staleMsMax: STALE_MS_MAX,
        wrongForEver: false,
        blank: false,
      },
    },
    {
      name: 'expiry-cache-stampede',
      label: { ko: '만료 캐시, 몰려드는 읽기', en: 'Cache with expiry, without single flight' },
      switches: { CACHE: 'memory', CACHE_REFRESH: 'expiry', CACHE_SINGLE_FLIGHT: 'off', ...TTL, ...REST },
      changes: true,
      expect: {
        ko: '만료될 때마다 모두가 데이터베이스로 몰린다',
        en: 'at each expiry everybody loads at once',
        staleMsMax: STALE_MS_MAX,
        wrongForEver: false,
        blank: false,
        // With single flight it is one at each expiry.
        loadsPerSecondMin: 5,
      },
    },
    {
      name: 'external-refresh-cache',
      label: { ko: '외부 갱신 캐시', en: 'Cache refreshed from outside' },
      step: 4,
      switches: { CACHE: 'memory', CACHE_REFRESH: 'external', ...TTL, ...REST },
      changes: true,
      expect: {
        ko: '빠르고, 주기만큼 틀릴 수 있다',
        en: 'fast, wrong up to the period',
        staleMsMax: STALE_MS_MAX,
        wrongForEver: false,
        blank: false,
      },
    },
    {
      name: 'external-refresh-dead',
      label: { ko: '외부 갱신 캐시, 갱신기 정지', en: 'Cache refreshed from outside, and the refresher is dead' },
      switches: { CACHE: 'memory', CACHE_REFRESH: 'external', CACHE_REFRESHER: 'off', ...TTL, ...REST },
      changes: true,
      expect: { ko: '빈 화면', en: 'blank', staleMsMax: 0, wrongForEver: false, blank: true },
    },
    {
      name: 'event-cache',
      label: { ko: '이벤트 캐시', en: 'Cache refreshed by events' },
      step: 5,
      switches: { CACHE: 'memory', CACHE_REFRESH: 'event', ...REST },
      changes: true,
      expect: { ko: '빠르고 맞다', en: 'fast and right', staleMsMax: PROMISE_MS, wrongForEver: false, blank: false },
    },
  ],
};
