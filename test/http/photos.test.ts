import assert from 'node:assert/strict';
import dns from 'node:dns';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { request } from 'undici';
import { BOUNDS } from '../../src/config.ts';
import { importMenu, parseMenu } from '../../src/menu/file/index.ts';
import { createFetchPhoto, sweepPhotos } from '../../src/menu/index.ts';
import { parseOutgoingUrl, publicLookup } from '../../src/platform/http/addresses/outgoing-address.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

/** Nothing here is a public server, so the copying is let to this machine; that it is not otherwise is tried below by itself. */
const { app, databaseUrl, db, client } = await startTestApp(
  { after },
  { withJobs: true, env: { WEBHOOK_ALLOW_PRIVATE: 'on' } },
);
const store = await makeStore(db, { stew: { price: 9_000 }, soup: { price: 8_000 } });

/** Somebody else's server. */
const asked: string[] = [];
let behave: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
const others = createServer((asking, response) => {
  asked.push(asking.url!);
  behave(asking, response);
});
await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve));
after(() => {
  others.closeAllConnections();
  others.close();
});
const elsewhere = `http://127.0.0.1:${(others.address() as AddressInfo).port}`;

const picture = (width: number, height: number, color = '#c2261d') =>
  sharp({ create: { width, height, channels: 3, background: color } });
const send = (bytes: Buffer | string, type = 'image/jpeg', id = store.id) =>
  client.call(`/api/v1/stores/${id}/photos`, { body: bytes, token: ADMIN_KEY, headers: { 'content-type': type } });
const load = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await request(`${app.url}${path}`, { headers });
  return { status: answer.statusCode, headers: answer.headers, bytes: Buffer.from(await answer.body.arrayBuffer()) };
};
const dishOf = async (id: string, name = 'stew'): Promise<Json> =>
  (await client.call(`/api/v1/stores/${id}/menu`)).body.categories[0].items.find((item: Json) => item.name.en === name);

test('a photo is kept upright, in the widths of phones and without what the camera wrote beside it', async () => {
  const jpeg = await picture(2_000, 1_000)
    .withExif({ IFD0: { Copyright: 'a camera' }, IFD3: { GPSLatitude: '37/1 29/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { status, body } = await send(jpeg);
  assert.equal(status, 201, JSON.stringify(body));
  // Turned by a quarter, and as wide as it is.
  assert.deepEqual([body.width, body.height], [1_000, 2_000]);
  const sizes = [];
  for (const width of [320, 640, 1280]) {
    const { bytes, headers } = await load(`${body.photo}/${width}.webp`);
    assert.equal(headers['content-type'], 'image/webp');
    const made = await sharp(bytes).metadata();
    assert.deepEqual([made.format, made.exif, made.icc, made.orientation], ['webp', undefined, undefined, undefined]);
    sizes.push([made.width, made.height]);
  }
  assert.deepEqual(sizes, [
    [320, 640],
    [640, 1_280],
    [1_000, 2_000],
  ]);
});

test('a photo is for ever at its address, in every process and for every browser', async () => {
  const { photo } = (await send(await picture(800, 600).png().toBuffer(), 'application/octet-stream')).body;
  const first = await load(`${photo}/320.webp`);
  assert.equal(first.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(first.headers['content-security-policy'], "default-src 'none'");
  assert.equal(first.headers['x-content-type-options'], 'nosniff');
  const again = await load(`${photo}/320.webp`, { 'if-none-match': String(first.headers.etag) });
  assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  assert.equal((await load(`${photo}/640.webp`, { 'if-none-match': String(first.headers.etag) })).status, 200);
  // As it stands in a menu it is a picture too.
  assert.equal((await load(photo)).headers['content-type'], 'image/webp');
  for (const path of [`${photo}/321.webp`, `${photo}/320.jpg`, `/photos/${'x'.repeat(32)}/320.webp`, '/photos/x'])
    assert.equal((await load(path)).status, 404, path);
  const other = await startTestApp({ after }, { databaseUrl });
  const there = await request(`${other.app.url}${photo}/320.webp`);
  assert.deepEqual(Buffer.from(await there.body.arrayBuffer()), first.bytes);
});

test('what is no picture, cut off, or claims more than memory is refused in words, whatever it is called', async () => {
  const jpeg = await picture(400, 400).jpeg().toBuffer();
  const refused = async (bytes: Buffer | string, type?: string) => {
    const { status, body } = await send(bytes, type);
    assert.equal(status, 422, JSON.stringify(body));
    return `${body.fields[0].problem}; ${body.fields[0].allowed}`;
  };
  assert.match(await refused('<svg xmlns="http://www.w3.org/2000/svg"/>'), /no picture.*JPEG, PNG or WebP/);
  assert.match(await refused(await picture(9, 9).gif().toBuffer(), 'image/png'), /no picture/);
  assert.match(await refused(await picture(9, 9).tiff().toBuffer(), 'image/webp'), /no picture/);
  assert.match(await refused(Buffer.from('RIFFxxxxWEBPVP8 nothing'), 'image/webp'), /damaged or cut off/);
  const noise = await sharp({
    create: { width: 400, height: 400, channels: 3, noise: { type: 'gaussian' }, background: '#000' },
  })
    .jpeg()
    .toBuffer();
  assert.match(await refused(noise.subarray(0, noise.length >> 1)), /damaged or cut off/);
  assert.match(await refused(Buffer.concat([jpeg.subarray(0, 3)])), /damaged or cut off/);
  // A kilobyte that unpacks to 2.5 gigabytes: refused by its head, before anything is unpacked.
  assert.match(await refused(pngBomb(50_000, 50_000), 'image/png'), /has 50000 × 50000 pixels; at most 16 million/);
  assert.match(await refused(pngBomb(5_000, 5_000), 'image/png'), /has 5000 × 5000 pixels/);
  const large = await send(Buffer.alloc(BOUNDS.photos.bytesMax + 1, 'x'));
  assert.equal(large.status, 413);
  assert.equal((await send(jpeg, 'text/html')).status, 415);
  const empty = await client.call(`/api/v1/stores/${store.id}/photos`, { method: 'POST', token: ADMIN_KEY });
  assert.equal(empty.status, 422);
});

test('the same picture brought by two at once is one picture, and different ones are two', async () => {
  const bytes = await picture(500, 300, '#00f').webp().toBuffer();
  const other = await picture(500, 300, '#0f0').png().toBuffer();
  const both = await Promise.all([send(bytes), send(bytes), send(other)]);
  const photos = both.map(({ body }) => body.photo);
  assert.deepEqual([photos[0] === photos[1], photos[0] === photos[2]], [true, false]);
  for (const { status } of both) assert.ok(status === 200 || status === 201);
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*) AS count FROM photo_file WHERE photo_id = ANY ($1)',
    [photos.map((photo: string) => photo.slice('/photos/'.length))],
  );
  assert.equal(rows[0]!.count, 6);
});

test('a dish shows a photo that is there, and no other', async () => {
  const { photo } = (await send(await picture(640, 480, '#ff0').jpeg().toBuffer())).body;
  const put = (value: unknown) =>
    client.call(`/api/v1/stores/${store.id}/items/${store.dishes.soup.id}`, {
      method: 'PUT',
      token: ADMIN_KEY,
      body: { photo: value },
    });
  assert.equal((await put(photo)).status, 200);
  await eventually(async () => assert.equal((await dishOf(store.id, 'soup')).photo, photo));
  assert.equal((await put(`/photos/${'A'.repeat(32)}`)).status, 422);
  assert.equal((await put('https://elsewhere.example/a.jpg')).status, 422);
  assert.equal((await dishOf(store.id, 'soup')).photo, photo);
  assert.equal((await put(null)).status, 200);
  await eventually(async () => assert.equal('photo' in (await dishOf(store.id, 'soup')), false));
});

test('a store has as many photos as it may, and no more', async () => {
  const full = await makeStore(db, { stew: { price: 1 } });
  await db.query(
    `INSERT INTO photo (id, brought_by, width, height)
     SELECT lpad(n::text, 32, 'f'), $1, 1, 1 FROM generate_series(1, $2::int) AS n`,
    [full.id, BOUNDS.photos.photosOfStoreMax],
  );
  const { status, body } = await send(await picture(10, 10, '#123').png().toBuffer(), 'image/png', full.id);
  assert.deepEqual([status, body.fields[0].allowed], [422, '1000 photos']);
});

test('photos that no menu has shown for a month go, and what a menu shows stays', async () => {
  const [shown, gone] = [
    (await send(await picture(30, 30, '#111').png().toBuffer())).body.photo,
    (await send(await picture(30, 30, '#222').png().toBuffer())).body.photo,
  ];
  await db.query('UPDATE item SET photo = $2 WHERE id = $1', [store.dishes.soup.id, shown]);
  await db.query(`UPDATE photo SET used_at = now() - interval '31 days' WHERE id = ANY ($1)`, [
    [shown, gone].map((photo) => photo.slice('/photos/'.length)),
  ]);
  assert.equal(await sweepPhotos(db), 1);
  assert.deepEqual([(await load(`${shown}/320.webp`)).status, (await load(`${gone}/320.webp`)).status], [200, 404]);
});

// Photos at other servers.

/** Names a photo of another server as a menu file does; the file itself takes https only, which this machine has no certificate for. */
async function nameIn(id: string, dish: string, address: string): Promise<void> {
  const file = parseMenu(
    Buffer.from(`kind,code,name_ko,name_en,price,station,photo
category,all,전부,All,,,
item,${dish},요리,${dish},9000,kitchen,https://placeholder.example/a.jpg
`),
    { format: 'csv', partial: false },
  );
  const rows = file.rows.map((row) =>
    row.kind === 'item' ? { ...row, values: { ...row.values, photo: address } } : row,
  );
  await db.transaction((tx) => importMenu(tx, id, { ...file, rows }));
}
const copyOf = async (id: string, address: string): Promise<Json> =>
  (await client.call(`/api/v1/stores/${id}/photos`, { token: ADMIN_KEY })).body.items.find(
    (copy: Json) => copy.address === address,
  );

test('a photo at another server is fetched once for all menus that name it, and guests see our copy and nothing before', async () => {
  const jpeg = await picture(700, 500, '#abc').jpeg().toBuffer();
  let answer = () => {};
  const asks = new Promise<void>((resolve) => {
    behave = (_, response) => {
      answer = () => response.writeHead(200, { 'content-type': 'text/plain' }).end(jpeg);
      resolve();
    };
  });
  const address = `${elsewhere}/stew.jpg`;
  const two = await makeStore(db, { stew: { price: 1 } });
  await nameIn(store.id, 'stew', address);
  await asks;
  // Nobody's browser hears of the other server, before or after.
  assert.equal('photo' in (await dishOf(store.id)), false);
  assert.equal((await copyOf(store.id, address)).state, 'waiting');
  await nameIn(two.id, 'stew', address);
  answer();
  await eventually(async () => {
    for (const id of [store.id, two.id]) assert.match((await dishOf(id)).photo ?? '', /^\/photos\/[\w-]{32}$/);
  });
  assert.deepEqual(
    asked.filter((url) => url === '/stew.jpg'),
    ['/stew.jpg'],
  );
  const { photo } = await dishOf(two.id);
  assert.deepEqual(await copyOf(two.id, address), { address, state: 'copied', photo });
  assert.equal((await load(`${photo}/320.webp`)).status, 200);
  // What the file says stays what the file said.
  const file = await client.call(`/api/v1/stores/${two.id}/menu-file`, { token: ADMIN_KEY });
  assert.ok(file.body.includes(address));
});

test('what is no photo at another server is said to the owner and given up, and the menu goes on without', async () => {
  const three = await makeStore(db, { stew: { price: 1 } });
  const address = `${elsewhere}/page.html`;
  behave = (_, response) => response.writeHead(200).end('<html>no photo</html>');
  await nameIn(three.id, 'stew', address);
  await eventually(async () => {
    const copy = await copyOf(three.id, address);
    assert.deepEqual([copy.state, copy.problem], ['failed', 'is no picture that can be read']);
  });
  assert.equal('photo' in (await dishOf(three.id)), false);
  const { rows } = await db.query('SELECT FROM graphile_worker._private_jobs WHERE attempts >= max_attempts');
  assert.equal(rows.length, 0);
});

test('neither an address, a redirect nor a name that changes its mind leads into a network of our own', async (t) => {
  // As at other people's: this test's server counts as the public internet, everything else as it is.
  const guard = {
    parse: (text: string) => (text.startsWith(`${elsewhere}/open`) ? new URL(text) : parseOutgoingUrl(text, false)),
    lookup: publicLookup,
  };
  const bounds = { ...BOUNDS.photos.copies, bytesMax: 10_000, timeoutMs: 60_000 };
  const fetchPhoto = createFetchPhoto(bounds, guard);
  t.after(() => fetchPhoto.close());
  const refusal = (address: string) =>
    fetchPhoto(address).then(
      () => assert.fail(`${address} was fetched`),
      (error: Error & { isFinal: boolean }) => {
        assert.equal(error.isFinal, true, error.message);
        return error.message;
      },
    );
  const port = new URL(elsewhere).port;
  asked.length = 0;
  for (const inside of [
    `http://127.0.0.1:${port}/secret`,
    `https://127.0.0.1:${port}/secret`,
    `https://2130706433:${port}/secret`,
    `https://[::ffff:127.0.0.1]:${port}/secret`,
    `https://[::1]:${port}/secret`,
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.7/secret',
    `https://localhost:${port}/secret`,
    'https://db.internal/secret',
    `https://user:pass@93.184.216.34/`,
    'file:///etc/passwd',
  ]) {
    await refusal(inside);
    behave = (_, response) => response.writeHead(302, { location: inside }).end();
    await refusal(`${elsewhere}/open/redirect`);
  }
  // A name that is public when it is looked at, and ours when it is connected to: only the second look-up counts, and there is no other.
  const answers: (readonly string[])[] = [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['::ffff:192.168.0.1']];
  const { lookup } = dns;
  t.after(() => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  });
  dns.lookup = ((_name: string, _options: unknown, callback: (...of: unknown[]) => void) =>
    callback(
      null,
      answers.shift()!.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never;
  syncBuiltinESMExports();
  for (let left = answers.length; left > 0; left -= 1)
    assert.match(await refusal(`https://rebinding.example:${port}/secret`), /rebinding\.example is .*, not public/);
  dns.lookup = lookup;
  syncBuiltinESMExports();
  assert.deepEqual(
    asked.filter((url) => url.includes('secret')),
    [],
  );

  // And it is bounded: rings, and more bytes than were said or than may be.
  behave = (_, response) => response.writeHead(301, { location: '/open/ring' }).end();
  asked.length = 0;
  assert.match(await refusal(`${elsewhere}/open/ring`), /from one address to the next/);
  assert.equal(asked.length, 1 + bounds.redirectsMax);
  behave = (_, response) => response.writeHead(200, { 'content-length': '10001' }).flushHeaders();
  assert.match(await refusal(`${elsewhere}/open/said`), /larger than/);
  behave = (_, response) => {
    response.writeHead(200);
    const more = () => response.write(Buffer.alloc(4_096), () => response.destroyed || setImmediate(more));
    more();
  };
  assert.match(await refusal(`${elsewhere}/open/unsaid`), /larger than/);
  behave = (_, response) => response.writeHead(404).end();
  assert.match(await refusal(`${elsewhere}/open/none`), /answers 404/);
});

/** A PNG of zeros that packs a thousandfold. */
function pngBomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(((width >> 3) + 1) * 64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
