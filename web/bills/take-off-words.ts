import { createWords } from '../shared/language/words.ts';

const ko = {
  take: '빼기',
  takeName: '{{number}}번 주문에서 {{dish}} 빼기',
  left: '남길 개수',
  none: '모두 빼기',
  why: '빼는 이유',
  again: '음식을 다시 팔 수 있어요',
  takeDo: '빼기',
  keep: '그대로 두기',
  done: '{{dish}} {{count}}개를 뺐어요. {{to}}개 남았어요.',
  stale: '다른 기기에서 바꿨어요. 지금은 {{count}}개예요.',
  paid: '이미 낸 음식이에요. 먼저 환불해 주세요.',
  forbidden: '나간 음식은 점주나 매니저가 뺄 수 있어요.',
  whole: '마지막 음식이에요. 주문을 취소해 주세요.',
  failed: '전하지 못했어요. 다시 눌러 주세요.',
};

const en: Record<keyof typeof ko, string> = {
  take: 'Take off',
  takeName: 'Take {{dish}} off order {{number}}',
  left: 'How many stay',
  none: 'None',
  why: 'Why',
  again: 'It can be sold again',
  takeDo: 'Take off',
  keep: 'Keep it',
  done: '{{count}} × {{dish}} taken off; {{to}} stay.',
  stale: 'Somebody changed it on another device: there are {{count}} now.',
  paid: 'It is paid already: refund it first.',
  forbidden: 'An owner or a manager takes off what was served.',
  whole: 'It is the last dish: cancel the order.',
  failed: 'It did not arrive. Please tap again.',
};

/** What the bills' page says while a dish is taken off an order. */
export const words = createWords({ ko, en });
