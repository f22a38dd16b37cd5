import { useEffect, useState } from 'preact/hooks';
import type { MenuView } from '../../src/contract/menu.ts';
import { createWords } from '../shared/language/words.ts';
import { getJson } from '../shared/server/api.ts';
import { showCodes } from './setup-state.ts';

const stepWords = createWords({
  ko: {
    title: '문 열기까지 세 걸음',
    noMenu: '아직 메뉴가 없어서 손님이 주문할 수 없어요.',
    menu: '메뉴 올리기',
    menuHelp: '엑셀 파일 그대로, 또는 하나씩',
    codes: 'QR 코드 인쇄하기',
    codesHelp: '테이블마다 한 장',
    staff: '직원과 태블릿 초대하기',
    staffHelp: '주방과 홀 화면을 열어요',
  },
  en: {
    title: 'Three steps to opening',
    noMenu: 'There is no menu yet, so guests cannot order.',
    menu: 'Put up the menu',
    menuHelp: 'A spreadsheet as it is, or dish by dish',
    codes: 'Print the QR codes',
    codesHelp: 'One for each table',
    staff: 'Invite staff and tablets',
    staffHelp: 'They open the screens of kitchen and hall',
  },
  ja: {
    title: '開店まで3ステップ',
    noMenu: 'まだメニューがないため、お客様は注文できません。',
    menu: 'メニューを登録する',
    menuHelp: '表計算ファイルのまま、または一品ずつ',
    codes: 'QRコードを印刷する',
    codesHelp: 'テーブルごとに1枚',
    staff: 'スタッフと端末を招待する',
    staffHelp: '厨房とホールの画面を開きます',
  },
  zh: {
    title: '三步开业',
    noMenu: '还没有菜单，客人无法点餐。',
    menu: '上传菜单',
    menuHelp: '直接用表格文件，或逐个添加',
    codes: '打印二维码',
    codesHelp: '每桌一张',
    staff: '邀请员工和平板',
    staffHelp: '打开厨房和大厅的屏幕',
  },
});

/** Whether a store has nothing to sell yet; false until it is known. */
export function useBareMenu(slug: string): boolean {
  const [isBare, setBare] = useState(false);
  useEffect(() => {
    setBare(false);
    getJson<MenuView>(`/stores/${encodeURIComponent(slug)}/menu`).then(
      ({ categories }) => setBare(categories.every(({ items }) => items.length === 0)),
      // Not known: nothing is said of it.
      () => {},
    );
  }, [slug]);
  return isBare;
}

export const noMenu = (): string => stepWords('noMenu');

/** What comes next of a store that was just made, in its order. */
export function FirstSteps({ slug }: { slug: string }) {
  const at = encodeURIComponent(slug);
  return (
    <nav class="card" aria-label={stepWords('title')}>
      <h3>{stepWords('title')}</h3>
      <ol class="first-steps">
        <li>
          <a class="button primary" href={`/menu/${at}`}>
            {stepWords('menu')}
          </a>
          <span class="soft">{stepWords('menuHelp')}</span>
        </li>
        <li>
          <button type="button" class="button" onClick={() => showCodes(slug)}>
            {stepWords('codes')}
          </button>
          <span class="soft">{stepWords('codesHelp')}</span>
        </li>
        <li>
          <a class="button" href={`/staff/${at}`}>
            {stepWords('staff')}
          </a>
          <span class="soft">{stepWords('staffHelp')}</span>
        </li>
      </ol>
    </nav>
  );
}
