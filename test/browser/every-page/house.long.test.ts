import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { openRestaurant } from '../restaurant.ts';
import { createEvening } from './evening.ts';
import { createLooker } from './look.ts';

const shop = await openRestaurant();
const evening = createEvening(shop);
const { look, found } = createLooker();
const open = async (path: string) => (await shop.phone({ path })).page;
const asOwner = (path: string) => open(`${path}#key=${shop.adminKey}`);

test('the owner’s numbers', async () => {
  await evening.order(14);
  await shop.db.query(`SELECT graphile_worker.add_job('sales-rollup', job_key => 'sales-rollup')`);
  await look(await open(`/owner/${shop.slug}`), 'owner-key');
  const owner = await asOwner(`/owner/${shop.slug}`);
  await owner.locator('.sum.main .value').waitFor();
  await look(owner, 'owner');
  const stores = await asOwner('/owner');
  await stores.locator('.glance').first().waitFor();
  await look(stores, 'owner-stores');
  assert.deepEqual(found(), []);
});

test('the menu’s owner', async () => {
  await look(await open(`/menu/${shop.slug}`), 'menu-key');
  const menu = await asOwner(`/menu/${shop.slug}`);
  await menu.getByRole('button', { name: '김치찌개 고치기' }).waitFor();
  await look(menu, 'menu-edit');
  await menu.getByLabel('파일 고르기').setInputFiles({
    name: 'menu.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('메뉴명,가격\n김치찌개,9900\n묵은지찜,1\n'),
  });
  await menu.getByLabel(/행이 빠지는 것을 확인했어요/).waitFor();
  await look(menu, 'menu-import');
  await menu.getByRole('button', { name: '그만두기' }).click();
  await menu.getByRole('button', { name: '매장과 메뉴 고르기' }).click();
  const to = menu.getByRole('group', { name: '받을 매장' }).getByRole('checkbox');
  await to.first().check();
  await menu.getByRole('group', { name: '보낼 메뉴' }).getByLabel('된장찌개', { exact: true }).check();
  await menu.getByRole('button', { name: '무엇이 바뀌는지 보기' }).click();
  await menu.getByRole('button', { name: '매장 1곳에 보내기' }).scrollIntoViewIfNeeded();
  await look(menu, 'menu-push');

  await menu.getByRole('button', { name: '김치찌개 고치기' }).click();
  await menu.getByRole('button', { name: '저장' }).waitFor();
  await look(menu, 'menu-dish');
  const buffer = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#a53b22' } })
    .jpeg()
    .toBuffer();
  await menu.getByLabel('사진 고르기').setInputFiles({ name: 'stew.jpg', mimeType: 'image/jpeg', buffer });
  await menu.getByAltText('지금 사진').waitFor();
  await menu.getByAltText('지금 사진').scrollIntoViewIfNeeded();
  await look(menu, 'menu-photo');
  await menu.getByRole('button', { name: '옵션 그룹 추가' }).click();
  await menu.locator('.option-group').last().scrollIntoViewIfNeeded();
  await look(menu, 'menu-options');
  assert.deepEqual(found(), []);
});

test('setting a shop up', async () => {
  await look(await open('/setup'), 'setup-key');
  const setup = await asOwner('/setup');
  await setup.locator('.store-row').first().waitFor();
  await look(setup, 'setup');
  await setup.locator('.store-row').first().click();
  await setup.locator('.store-page').waitFor();
  await look(setup, 'setup-store');
  await setup.getByRole('button', { name: '주문 잠시 멈추기' }).click();
  await setup.getByRole('dialog').getByLabel('시각까지').check();
  await look(setup, 'setup-pause');
  await setup.keyboard.press('Escape');
  await setup.goBack();
  await setup.getByRole('button', { name: '매장 만들기' }).click();
  await setup.getByLabel('매장 이름').fill('바닷가집');
  await setup.getByLabel('주소 이름', { exact: true }).fill('');
  await setup.getByLabel('요일마다').check();
  await setup.getByRole('button', { name: '저장' }).click();
  await setup.locator('.wrong').first().waitFor();
  await look(setup, 'setup-new');
  await setup.reload();
  await setup.locator('.store-row').first().click();
  await setup.getByRole('button', { name: '고치기' }).click();
  await setup.getByRole('button', { name: '저장' }).waitFor();
  await look(setup, 'setup-edit');
  await setup.getByRole('button', { name: '저장' }).scrollIntoViewIfNeeded();
  await look(setup, 'setup-till');
  const codes = await asOwner(`/qr/${shop.slug}`);
  await codes.locator('.qr').first().waitFor();
  await look(codes, 'codes');
  assert.deepEqual(found(), []);
});

test('who works here', async () => {
  await look(await open(`/staff/${shop.slug}`), 'staff-key');
  const staff = await asOwner(`/staff/${shop.slug}`);
  const invite = staff.getByRole('region', { name: '직원 초대' });
  await invite.getByLabel('누구에게 (메모)').fill('주말 알바');
  await look(staff, 'staff');
  await invite.getByRole('button', { name: '초대 링크 만들기' }).click();
  const link = new URL(await invite.getByRole('textbox', { name: '링크' }).inputValue());
  await look(staff, 'staff-invited');
  const devices = staff.getByRole('region', { name: '태블릿과 프린터' });
  await devices.getByLabel('기기 이름').fill('주방 태블릿');
  await devices.getByRole('button', { name: '기기 더하기' }).click();
  await devices.getByRole('textbox', { name: '링크' }).waitFor();
  await devices.getByRole('button', { name: '주방 태블릿 끊기' }).scrollIntoViewIfNeeded();
  await look(staff, 'staff-device');

  const joins = await open(link.pathname + link.hash);
  await joins.getByLabel('이름', { exact: true }).fill('한지우');
  await look(joins, 'join');
  await joins.getByLabel(/^아이디/).fill('jiwoo');
  await joins.getByLabel(/^비밀번호/).fill('맛있는 된장찌개 한 그릇');
  await joins.keyboard.press('Enter');
  await joins.getByRole('heading', { name: '한지우 님, 반가워요' }).waitFor();
  await look(joins, 'join-welcome');
  await joins.getByRole('button', { name: '내 PIN' }).click();
  await look(joins, 'join-pin');
  const late = await open(link.pathname + link.hash);
  await late.getByText('이 초대는 이미 썼거나').waitFor();
  await look(late, 'join-over');
  assert.deepEqual(found(), []);
});

test('the engineer’s pages', async () => {
  await look(await open('/ops'), 'ops-key');
  await shop.db.query(
    `SELECT graphile_worker.add_job('never-worked-on', payload => '{"storeId": "0198"}'::json, max_attempts => 1)`,
  );
  await shop.db.query(
    "UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = '오븐 고장' WHERE payload::text LIKE '%0198%'",
  );
  const ops = await asOwner('/ops');
  await ops.getByRole('heading', { name: 'sales-close' }).waitFor();
  await ops.getByRole('heading', { name: 'never-worked-on' }).waitFor();
  await look(ops, 'ops');
  await ops.getByRole('heading', { name: '정해진 시각에 하는 일' }).scrollIntoViewIfNeeded();
  await look(ops, 'ops-batch');
  const docs = await open('/docs');
  await docs.getByText('/api/v1/stores/{store}/orders').first().waitFor();
  await look(docs, 'docs');
  assert.deepEqual(found(), []);
});
