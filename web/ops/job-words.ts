import { language } from '../shared/language/i18n.ts';

/** What each job of the clock does. The command and the other languages say it in English. */
export const JOBS_KO: Readonly<Record<string, string>> = {
  'sales-rollup': '그사이 팔리고 취소된 것을 장부에 올려요. 날짜를 주면 그날의 장부를 새로 만들어요',
  'sales-close': '지난 영업일을 마감해요. 숫자마다 주문과 맞춰 보고 마감 표시를 해요',
  'sales-audit': '장부를 주문과 맞춰 봐요. 오늘과 어제를 먼저, 그다음은 가장 오래 보지 않은 날을 봐요',
  'bill-visits': '영업일이 끝나도 열려 있는 방문을 닫아요. 받을 돈은 목록에 남아요',
  'bill-audit': '이틀 동안의 계산서를 주문, 결제 기록과 맞춰 봐요',
  'unseen-orders': '매장의 누구도 모르는 테이블이 가져간 한정 메뉴를, 약속한 때가 한참 지나면 되돌려 놓아요',
  'orders-without-jobs':
    '여러 기계에 나뉜 데이터베이스에서, 커밋 도중에 코디네이터가 죽어 할 일을 잃은 주문을 주방에 다시 보내요. 날짜를 주면 그날들을 봐요',
  payments: '소식이 없는 휴대폰 결제를 물어보고, 환불을 보내고, 제때 내지 않은 주문을 취소해요',
  'payment-reconcile': '휴대폰 결제를 결제사의 장부와 맞춰 봐요. 날짜를 주면 그날들을 봐요',
  'stock-return': '하루가 시작되는 매장의 한정 메뉴에 오늘 수량을 줘요',
  'menu-turns': '판매 시간이 시작되거나 끝난 메뉴를 바꿔 보여 줘요. 지금 아무도 보지 않는 매장까지 해요',
  'calls-over': '불렀는데 오지 않은 대기 손님을 옆으로 빼 둬요',
  'line-names': '하루가 끝난 대기 줄의 이름을 지워요',
  'pacing-recount': '주방에 남은 일을 다시 세요',
  ranking: '매장이 센 것을 브랜드와 전체 순위에 더하고, 도중에 빠진 것을 채워요',
  'ranking-hours': '어느 순위도 쓰지 않는 오래된 수를 지워요',
  'webhook-leftovers': '멈춘 웹훅에 일주일 동안 전하지 못한 것을 버려요',
  'staff-sessions': '기한이 지난 직원 로그인과 초대를 지워요',
  'photo-sweep': '한 달 동안 어느 메뉴에도 없던 사진을 지워요',
  'order-partitions': '매장이 쉬는 밤에 다음 달들의 파티션을 만들고, 보관할 수 있는 달을 알려요',
};

/** @param about as the server says it */
export const jobAbout = (name: string, about: string): string => (language.value === 'ko' && JOBS_KO[name]) || about;
