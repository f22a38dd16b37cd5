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

const ja: Record<keyof typeof ko, string> = {
  take: '減らす',
  takeName: '{{number}}番の注文から{{dish}}を減らす',
  left: '残す数',
  none: 'すべて減らす',
  why: '理由',
  again: '料理をもう一度売れます',
  takeDo: '減らす',
  keep: 'そのままにする',
  done: '{{dish}}を{{count}}つ減らしました。残り{{to}}。',
  stale: 'ほかの端末が変更しました。今は{{count}}です。',
  paid: '支払い済みの料理です。先に返金してください。',
  forbidden: '出した料理を減らせるのはオーナーかマネージャーです。',
  whole: '最後の料理です。注文をキャンセルしてください。',
  failed: '送れませんでした。もう一度押してください。',
};

const zh: Record<keyof typeof ko, string> = {
  take: '减菜',
  takeName: '从{{number}}号订单减去{{dish}}',
  left: '保留几份',
  none: '全部减去',
  why: '原因',
  again: '菜品可以再卖',
  takeDo: '减去',
  keep: '保留',
  done: '已减去{{dish}} {{count}}份，剩{{to}}份。',
  stale: '其他设备已更改，现在是{{count}}份。',
  paid: '已付款，请先退款。',
  forbidden: '已上的菜由店主或经理减去。',
  whole: '这是最后一道菜，请取消订单。',
  failed: '没有送达，请再按一次。',
};

/** What the bills' page says while a dish is taken off an order. */
export const words = createWords({ ko, en, ja, zh });
