/** Draws what each chapter of the guide bought, from the numbers below: `node scripts/guide-pictures.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Language = 'ko' | 'en';
type Words = Readonly<Record<Language, string>>;

interface Picture {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: Words;
  /** Each bar: what it is, how long, and what is written behind it. The last is what the chapter bought. */
  readonly bars: readonly (readonly [label: Words, value: number, written: string | Words])[];
}

const same = (word: string): Words => ({ ko: word, en: word });

/** The numbers stand in the chapter's text and in its decision record as well; a test looks for them there. */
export const PICTURES: readonly Picture[] = [
  {
    name: 'state',
    title: { ko: '다섯 배까지 몰린 부하에서 접수한 주문', en: 'Orders acknowledged under up to five times the load' },
    bars: [
      [{ ko: '두 번 들어감', en: 'doubled' }, 0, '0'],
      [{ ko: '잃음', en: 'lost' }, 0, '0'],
      [{ ko: '남음', en: 'kept' }, 75_375, '75,375'],
    ],
  },
  {
    name: 'ids',
    title: { ko: '초당 넣은 행, 자동 증가를 1로', en: 'Rows put in a second, auto increment being 1' },
    bars: [
      [same('UUIDv4'), 0.88 / 1.4, '0.63'],
      [same('auto increment'), 1, '1'],
      [same('UUIDv7'), 0.88, '0.88'],
    ],
  },
  {
    name: 'tuning',
    title: {
      ko: '견디는 요청(초당), 문장 하나를 고치기 전과 후',
      en: 'Requests a second that are borne, before and after one statement',
    },
    bars: [
      [{ ko: '통계를 믿는 문장', en: 'as the statistics say' }, 2_700, '2,700'],
      [{ ko: '기본 키만 쓰는 문장', en: 'kept to primary keys' }, 6_000, '6,000'],
    ],
  },
  {
    name: 'where-to-cache',
    title: { ko: '60개 매장이 파는 동안 1초에 다시 읽은 메뉴', en: 'Menus loaded in a second while sixty stores sell' },
    bars: [
      [{ ko: '재고가 메뉴 버전에', en: 'stock in the version' }, 57, '57'],
      [{ ko: '재고를 끼워 넣기', en: 'stock patched in' }, 0, '0'],
    ],
  },
  {
    name: 'grouped',
    title: { ko: '한정 메뉴 하나에 몰린 주문, 초당 디스크까지', en: 'Orders a second on disk, one limited dish' },
    bars: [
      [{ ko: '한 건에 트랜잭션 하나', en: 'a transaction each' }, 214, '214'],
      [{ ko: '모아서', en: 'grouped' }, 3_421, '3,421'],
    ],
  },
  {
    name: 'events',
    title: { ko: '웹훅이 매달린 동안 주문 접수 p99', en: 'p99 of an order while a webhook hangs' },
    bars: [
      [{ ko: '요청 안에서', en: 'inside the request' }, 10_000, { ko: '10초', en: '10 s' }],
      [{ ko: '작업으로', en: 'as a job' }, 19, '19 ms'],
    ],
  },
  {
    name: 'batch',
    title: { ko: '한 건에 트랜잭션 하나일 때 주문 한 건', en: 'An order with a transaction of its own' },
    bars: [
      [{ ko: '장부를 함께', en: 'books with the order' }, 12.2, '12.2 ms'],
      [{ ko: '장부는 배치가', en: 'books by the batch' }, 5.6, '5.6 ms'],
    ],
  },
  {
    name: 'redis',
    title: { ko: '10 KiB 메뉴 한 번 읽기의 CPU', en: 'CPU of reading a menu of 10 KiB' },
    bars: [
      [{ ko: '데이터베이스', en: 'database' }, 244, '244 µs'],
      [same('Memcached'), 39, '39 µs'],
      [same('Redis'), 23, '23 µs'],
    ],
  },
  {
    name: 'scale-up',
    title: {
      ko: '천 매장의 주문, 프로세스 하나를 1로 (모의실험)',
      en: 'Orders of a thousand stores, one process being 1 (simulated)',
    },
    bars: [
      [{ ko: '프로세스 1', en: '1 process' }, 1, '1'],
      [{ ko: '프로세스 4', en: '4 processes' }, 3.5, '3.5'],
      [{ ko: '프로세스 16', en: '16 processes' }, 7.9, '7.9'],
    ],
  },
  {
    name: 'scale-out',
    title: {
      ko: '실패한 요청 없이 다시 켜기: 주문 한 건의 CPU로 치르는 값',
      en: 'A restart without a failed request, and its price in CPU an order',
    },
    bars: [
      [{ ko: '노드 1, 손님 32', en: 'one node, 32 guests' }, 406, '406 µs'],
      [{ ko: '노드 2, 손님 32', en: 'two nodes, 32 guests' }, 708, '708 µs'],
      [{ ko: '노드 1, 손님 256', en: 'one node, 256 guests' }, 300, '300 µs'],
      [{ ko: '노드 2, 손님 256', en: 'two nodes, 256 guests' }, 322, '322 µs'],
    ],
  },
  {
    name: 'split',
    title: { ko: '초당 주문, 쌓인 주문 1만 건일 때를 1로', en: 'Orders a second, ten thousand in the tables being 1' },
    bars: [
      [{ ko: '1만 건', en: '10,000 orders' }, 1, '1'],
      [{ ko: '100만 건', en: '1,000,000 orders' }, 1.09, '1.09'],
    ],
  },
  {
    name: 'money',
    title: {
      ko: '초당 3,000건을 견디는 한 달 값 (보기 가격)',
      en: 'A month of 3,000 requests a second (sample prices)',
    },
    bars: [
      [{ ko: '캐시 없이', en: 'without a cache' }, 4_600_000, '₩4,600,000'],
      [{ ko: '이벤트 캐시', en: 'cache refreshed by events' }, 247_000, '₩247,000'],
    ],
  },
];

const WIDTH = 640;
const LABELS = 210;
const ROW = 34;
const BAR_MAX = WIDTH - LABELS - 110;

export function draw({ title, bars }: Picture, language: Language): string {
  const longest = Math.max(...bars.map(([, value]) => value));
  const rows = bars.map(([label, value, written], at) => {
    const [y, length] = [48 + at * ROW, Math.max(2, (value / longest) * BAR_MAX)];
    const colour = at === bars.length - 1 ? '#c2261d' : '#b9aea2';
    const said = typeof written === 'string' ? written : written[language];
    return `  <text x="${LABELS - 10}" y="${y + 16}" text-anchor="end">${label[language]}</text>
  <rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="22" rx="3" fill="${colour}"/>
  <text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 16}" font-weight="600">${said}</text>`;
  });
  const height = 48 + bars.length * ROW + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title[language]}" font-family="system-ui, 'Noto Sans KR', sans-serif" font-size="14" fill="#2b2420">
  <rect width="${WIDTH}" height="${height}" fill="#fff8f0"/>
  <text x="16" y="28" font-size="16" font-weight="600">${title[language]}</text>
${rows.join('\n')}
</svg>
`;
}

export const pictureFile = ({ name }: Picture, language: Language): string =>
  `docs/guide/pictures/${name}${language === 'ko' ? '.ko' : ''}.svg`;

if (import.meta.main) {
  for (const picture of PICTURES) {
    for (const language of ['ko', 'en'] as const) {
      writeFileSync(
        fileURLToPath(new URL(`../${pictureFile(picture, language)}`, import.meta.url)),
        draw(picture, language),
      );
    }
  }
}
