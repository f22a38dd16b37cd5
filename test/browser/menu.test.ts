import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { openCart } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();
const menuOf = async (): Promise<Json[]> =>
  ((await (await fetch(`${shop.url}/api/v1/stores/${shop.slug}/menu`)).json()) as Json).categories;
const dishNamed = async (name: string): Promise<Json> =>
  (await menuOf()).flatMap(({ items }) => items).find((item) => item.name.ko === name);
/** A guest's menu may be a second old. */
const shown = (name: string, check: (dish: Json) => void) => eventually(async () => check(await dishNamed(name)), name);

test('an owner sees what a restaurant’s own list would change, and only the yes changes the menu', async () => {
  const { page } = await shop.phone({ path: `/menu/${shop.slug}#key=${shop.adminKey}` });
  await page.getByRole('button', { name: '김치찌개 고치기' }).waitFor();
  const before = await menuOf();
  const choose = (name: string, text: string) =>
    page.getByLabel('파일 고르기').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

  await choose('bad.csv', '분류;메뉴명;가격\n찌개·탕;김치찌개;구천원\n');
  await page.getByText('파일에 고칠 곳이 1군데 있어요').waitFor();
  await page.getByText("2행 '가격' 칸").waitFor();

  const list = '분류;메뉴명;가격\n찌개·탕;김치찌개;"9,900원"\n찌개·탕;묵은지찜;15000.0\n';
  await choose('메뉴판.csv', list);
  const removed = page.getByLabel(/행이 빠지는 것을 확인했어요/);
  await removed.waitFor();
  const change = page.locator('.change.changed', { hasText: '김치찌개' });
  await change.filter({ hasText: /가격: [\d,]+원 → 9,900원/ }).waitFor();
  await page.locator('.change.added', { hasText: '묵은지찜' }).filter({ hasText: '코드 mugeunjijjim' }).waitFor();
  assert.equal(await page.getByRole('button', { name: '이대로 바꾸기' }).isEnabled(), false);
  assert.deepEqual(await menuOf(), before);
  await page.getByRole('button', { name: '그만두기' }).click();

  // Only some dishes: nothing goes, so nothing must be confirmed.
  await page.getByLabel(/일부 메뉴만 든 파일이에요/).check();
  await choose('값.csv', '메뉴명;가격\n김치찌개;"9,900원"\n');
  await change.waitFor();
  await page.getByRole('button', { name: '이대로 바꾸기' }).click();
  await page.getByText('메뉴를 바꿨어요').waitFor();
  await shown('김치찌개', ({ price }) => assert.equal(price, 9_900));
  assert.equal((await menuOf()).length, before.length);
});

test('an owner edits a dish, and is told when somebody else did so meanwhile', async () => {
  const { page } = await shop.phone({ path: `/menu/${shop.slug}#key=${shop.adminKey}` });
  await page.getByRole('button', { name: '된장찌개 고치기' }).click();
  await page.getByLabel('가격', { exact: true }).fill('구천');
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('금액을 숫자로 적어 주세요.').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'price');
  await page.getByLabel('가격', { exact: true }).fill('9,300원');

  const { id } = await dishNamed('된장찌개');
  const cheaper = await fetch(`${shop.url}/api/v1/stores/${shop.slug}/items/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ price: 8_100 }),
  });
  assert.equal(cheaper.status, 200);
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText(/방금 다른 사람이 이 메뉴를 바꿨어요.*8,100원/).waitFor();
  await shown('된장찌개', ({ price }) => assert.equal(price, 8_100));
  await page.getByRole('button', { name: '옵션 그룹 추가' }).click();
  const group = page.locator('.option-group').last();
  await group.getByLabel('이름', { exact: true }).first().fill('국물');
  await group.getByLabel('이름', { exact: true }).last().fill('진하게');
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('된장찌개 저장했어요').waitFor();
  await shown('된장찌개', ({ price, optionGroups }) => {
    assert.equal(price, 9_300);
    assert.deepEqual(
      optionGroups.at(-1).options.map((option: Json) => option.name.ko),
      ['진하게'],
    );
  });

  await page.getByLabel('김치찌개 품절').check();
  await page.getByRole('button', { name: '메뉴 추가' }).click();
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('이름을 적어 주세요.').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'nameKo');
  await page.getByLabel('이름', { exact: true }).fill('계란말이');
  await page.getByLabel('가격', { exact: true }).fill('7000');
  // By its name, which the server knows.
  await page.getByLabel('조리대', { exact: true }).selectOption({ label: '새 조리대' });
  await page.getByLabel('새 조리대 이름').fill('구이');
  await page.getByLabel('원산지', { exact: true }).fill('달걀 국내산');
  await page.getByLabel('주류(나이 확인)').check();
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('계란말이 저장했어요').waitFor();
  await shown('계란말이', (dish) => assert.equal(dish?.station, 'grill'));
  await shown('김치찌개', ({ soldOut }) => assert.equal(soldOut, true));

  const { page: phone } = await shop.phone();
  await phone.getByRole('button', { name: '계란말이' }).first().tap();
  await phone.getByText('원산지: 달걀 국내산').waitFor();
  await phone.getByRole('dialog').getByRole('button', { name: /담기$/ }).tap();
  await openCart(phone);
  const send = phone.getByRole('button', { name: /주문하기$/ });
  await send.waitFor();
  assert.equal(await send.isEnabled(), false);
  await phone.getByLabel(/만 19세 이상이에요/).tap();
  await phone.getByLabel(/만 19세 이상이에요/).waitFor({ state: 'detached' });
  assert.equal(await send.isEnabled(), true);
});

test('an owner chooses a photo on the dish’s form, and a guest’s phone loads the size that it needs, from this server', async () => {
  const { page } = await shop.phone({ path: `/menu/${shop.slug}#key=${shop.adminKey}` });
  await page.getByRole('button', { name: '된장찌개 고치기' }).click();
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('사진 고르기').setInputFiles({ name, mimeType: 'image/jpeg', buffer });
  await choose('menu.jpg', Buffer.from('no photo'));
  await page.getByText('이 파일은 사진으로 쓸 수 없어요').waitFor();
  await choose(
    'stew.jpg',
    await sharp({ create: { width: 1_600, height: 1_200, channels: 3, background: '#a52' } })
      .jpeg()
      .toBuffer(),
  );
  await page.getByAltText('지금 사진').waitFor();
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('된장찌개 저장했어요').waitFor();
  const { page: phone } = await shop.phone();
  const picture = phone.locator('.dish', { hasText: '된장찌개' }).locator('img').first();
  await picture.scrollIntoViewIfNeeded();
  await phone.waitForFunction(
    (img) => (img as { naturalWidth: number }).naturalWidth > 0,
    await picture.elementHandle(),
  );
  const source = await picture.evaluate((img) => (img as unknown as { currentSrc: string }).currentSrc);
  assert.match(source, /\/photos\/[\w-]{32}\/320\.webp$/);
  assert.equal(new URL(source).origin, shop.url);
});

test('an owner sends a price to another store, after a look at what changes there', async () => {
  const all = ((await (await fetch(`${shop.url}/api/v1/stores`)).json()) as Json).items as Json[];
  const other = all.find(({ slug, currency }) => slug !== shop.slug && currency === 'KRW')!;
  const { page } = await shop.phone({ path: `/menu/${shop.slug}#key=${shop.adminKey}` });
  await page.getByRole('button', { name: '매장과 메뉴 고르기' }).click();
  await page.getByRole('group', { name: '받을 매장' }).getByLabel(other.name.ko, { exact: true }).check();
  await page.getByRole('group', { name: '보낼 메뉴' }).getByLabel('된장찌개', { exact: true }).check();
  await page.getByRole('button', { name: '무엇이 바뀌는지 보기' }).click();
  await page.getByText(/된장찌개: .*→ 9,300원/).waitFor();
  await page.getByRole('button', { name: '매장 1곳에 보내기' }).click();
  await page.getByText('메뉴 1개를 바꿨어요.').waitFor();
  const { rows } = await shop.db.query(
    `SELECT i.price FROM item i JOIN store s ON s.id = i.store_id WHERE s.slug = $1 AND i.name_ko = '된장찌개'`,
    [other.slug],
  );
  assert.deepEqual(rows, [{ price: 9_300 }]);
});

test('an owner gives a whole category its hours, and takes them away again', async () => {
  const { page } = await shop.phone({ path: `/menu/${shop.slug}#key=${shop.adminKey}` });
  const category = page.getByRole('region', { name: '찌개·탕', exact: true });
  const write = async (hours: string) => {
    await category.getByRole('button', { name: '찌개·탕 판매 시간 고치기' }).click();
    await category.getByRole('textbox', { name: '찌개·탕 판매 시간' }).fill(hours);
    await category.getByRole('button', { name: '저장' }).click();
  };
  const dishes = async (): Promise<Json[]> => (await menuOf()).find(({ name }) => name.ko === '찌개·탕')!.items;
  await write('아무 때나');
  await category.getByRole('alert').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('aria-invalid'), 'true');
  await category.getByRole('button', { name: '그만두기' }).click();
  // Half an hour, six hours from now on the wall there.
  const hour = String((new Date().getUTCHours() + 9 + 6) % 24).padStart(2, '0');
  await write(`매일 ${hour}:00-${hour}:30`);
  await category.getByText(`${hour}:00-${hour}:30`).waitFor();
  await eventually(async () => assert.ok((await dishes()).every(({ notNow }) => notNow?.ko)));
  await write('');
  await category.getByText('늘 팔아요').waitFor();
  await eventually(async () => assert.ok((await dishes()).every(({ notNow }) => notNow === undefined)));
});
