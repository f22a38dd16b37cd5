import { escapeHtml } from '../../platform/http/answer/escape-html.ts';
import type { SandboxPayment } from './book.ts';

/** What a guest, or whoever tries the shop out, has the sandbox do. */
export const CHOICES = {
  pay: ['결제하기', 'Pay'],
  decline: ['카드 거절', 'Be declined'],
  cancel: ['그만두기', 'Give up'],
  late: ['결제, 알림은 1분 30초 늦게', 'Pay, the notification comes 90 s late'],
  twice: ['결제, 알림은 두 번', 'Pay, the notification comes twice'],
  disorder: ['결제, 알림 순서가 뒤바뀜', 'Pay, an older notification comes after it'],
  lost: ['결제, 알림은 오지 않음', 'Pay, no notification ever comes'],
  silence: ['아무 대답 없음', 'Never answer'],
} as const satisfies Record<string, readonly [string, string]>;
export type Choice = keyof typeof CHOICES;

function money({ amount, currency }: Pick<SandboxPayment, 'amount' | 'currency'>): string {
  if (currency === 'KRW') return `${new Intl.NumberFormat('ko').format(amount)}원`;
  const format = new Intl.NumberFormat('ko', { style: 'currency', currency });
  const { maximumFractionDigits = 0 } = format.resolvedOptions();
  return format.format(amount / 10 ** maximumFractionDigits);
}

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c1d21}main{max-width:26rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.1rem;margin:0}.sum{font-size:2rem;font-weight:700;margin:.5rem 0 1rem}button,a.back{display:block;box-sizing:border-box;width:100%;min-height:3rem;margin:.5rem 0;padding:.5rem 1rem;border:1px solid #777b85;border-radius:.6rem;background:#fff;color:inherit;font:inherit;text-align:left;text-decoration:none}
button.first{background:#1b4fc4;border-color:#1b4fc4;color:#fff;font-weight:700}small{display:block;opacity:.9}.note{background:#fff3cd;border-radius:.6rem;padding:.75rem 1rem}`;

const shell = (body: string): string => `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>모의 결제 · Sandbox</title><style>${STYLE}</style></head>
<body><main><p class="note">모의 결제사예요. 진짜 돈은 나가지 않아요.<small lang="en">A sandbox: no real money moves.</small></p>${body}</main></body></html>`;

/** The provider's page, in Korean and English. */
export function payPage(payment: SandboxPayment, said?: Choice): string {
  const { name, state, returnUrl } = payment;
  const head = `<h1>${escapeHtml(name)}</h1><p class="sum">${escapeHtml(money(payment))}</p>`;
  const back = `<a class="back" href="${escapeHtml(returnUrl)}">가게로 돌아가기<small lang="en">Back to the shop</small></a>`;
  if (state !== 'open') {
    return shell(
      `${head}<p role="status">이 결제는 이미 끝났어요.<small lang="en">This payment is over (${state}).</small></p>${back}`,
    );
  }
  const note =
    said === 'silence'
      ? '<p role="status">아무 일도 일어나지 않아요. 이 창을 닫아도 돼요.<small lang="en">Nothing happens. You may close this page.</small></p>'
      : '';
  const buttons = Object.entries(CHOICES)
    .map(
      ([choice, [ko, en]], index) =>
        `<button name="choice" value="${choice}"${index === 0 ? ' class="first"' : ''}>${ko}<small lang="en">${en}</small></button>`,
    )
    .join('');
  return shell(`${head}${note}<form method="post">${buttons}</form>`);
}
