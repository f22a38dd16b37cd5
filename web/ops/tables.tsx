import type { ComponentChildren } from 'preact';
import type { OpsView } from '../../src/contract/ops.ts';
import { language } from '../shared/language/i18n.ts';
import { className, liveWords, milliseconds, percent, plain, rate } from './live-words.ts';

interface TableProps {
  readonly name: 'classes' | 'cache' | 'jobs' | 'problems';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  readonly empty: string;
  /** Whether rows are called as the code calls them, in no language. */
  readonly isCode?: boolean;
}

function Table({ name, columns, rows, empty, isCode }: TableProps) {
  return (
    <section class="figures" aria-labelledby={`figures-${name}`}>
      <h2 id={`figures-${name}`}>{liveWords(name)}</h2>
      {rows.length === 0 ? (
        <p class="soft">{empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, so it must be reached by keys
        <div class="scrolls" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([head, ...cells]) => (
                <tr key={String(head)}>
                  <th scope="row">{isCode ? <code>{head}</code> : head}</th>
                  {cells.map((cell, at) => (
                    <td key={at} class="number">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** What the last minute came to, by kind of request. */
export const Classes = ({ view: { minute } }: { view: OpsView }) => (
  <Table
    name="classes"
    columns={[liveWords('class'), liveWords('answered'), 'p50', 'p99', liveWords('refusedRate')]}
    rows={minute.classes.map((each) => [
      className(each.class),
      rate(each.perSecond),
      milliseconds(each.p50Ms),
      milliseconds(each.p99Ms),
      each.refusedPerSecond > 0 ? <b class="refused">{rate(each.refusedPerSecond)}</b> : '–',
    ])}
    empty=""
  />
);

export function Intake({ view: { minute } }: { view: OpsView }) {
  const { intake } = minute;
  const facts = [
    ['intake.orders', rate(intake.ordersPerSecond)],
    ['intake.group', plain(intake.groupSize)],
    ['intake.wait', `${milliseconds(intake.waitP50Ms)} · ${milliseconds(intake.waitP99Ms)}`],
    ['intake.commit', `${milliseconds(intake.commitP50Ms)} · ${milliseconds(intake.commitP99Ms)}`],
  ] as const;
  return (
    <section class="figures" aria-labelledby="figures-intake">
      <h2 id="figures-intake">{liveWords('intake')}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{liveWords(name)}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export const Cache = ({ view: { minute } }: { view: OpsView }) => (
  <Table
    name="cache"
    isCode
    columns={[liveWords('place'), liveWords('tier'), liveWords('reads'), liveWords('hits'), liveWords('stale')]}
    rows={minute.cache.map(({ place, tier, perSecond, hitRatio, staleRatio }) => [
      place,
      tier,
      rate(perSecond),
      percent(hitRatio),
      percent(staleRatio),
    ])}
    empty={liveWords('noReads')}
  />
);

export const Problems = ({ view: { minute } }: { view: OpsView }) => (
  <Table
    name="problems"
    isCode
    columns={[liveWords('problem'), liveWords('answered')]}
    rows={minute.problems.map(({ type, perSecond }) => [type, rate(perSecond)])}
    empty={liveWords('noProblems')}
  />
);

export function Jobs({ view: { jobs } }: { view: OpsView }) {
  const kinds = (jobs?.kinds ?? []).filter(({ waiting, running, later, dead }) => waiting + running + later + dead > 0);
  const count = (number: number) => `${number}${jobs?.isMore ? '+' : ''}`;
  return (
    <Table
      name="jobs"
      isCode
      columns={(['kind', 'waiting', 'since', 'running', 'later', 'deadLetters'] as const).map((name) =>
        liveWords(name),
      )}
      rows={kinds.map(({ kind, waiting, oldestS, running, later, dead }) => [
        kind,
        count(waiting),
        waiting > 0 ? liveWords('seconds', { count: plain(oldestS) }) : '–',
        running,
        count(later),
        dead,
      ])}
      empty={jobs ? liveWords('noJobs') : liveWords('noDatabase')}
    />
  );
}

/** What is switched on, in which versions, and since when. */
export const About = ({ view: { switches, versions, node } }: { view: OpsView }) => (
  <section class="figures" aria-labelledby="figures-about">
    <h2 id="figures-about">{liveWords('about')}</h2>
    <p class="soft number">
      {[
        `Matjip ${versions.matjip}`,
        `Node ${versions.node}`,
        `Postgres ${versions.postgres ?? '?'}`,
        ...(versions.redis ? [`Redis ${versions.redis}`] : []),
      ].join(' · ')}
    </p>
    <p class="soft">
      {liveWords('startedAt', { name: node.name })}{' '}
      <time dateTime={node.startedAt}>{new Date(node.startedAt).toLocaleString(language.value)}</time>
    </p>
    <ul class="switches">
      {switches.map(({ name, value }) => (
        <li key={name}>
          <code>
            {name}=<b>{value}</b>
          </code>
        </li>
      ))}
    </ul>
  </section>
);
