import type { BatchJobView, BatchRunView } from '../../src/contract/jobs.ts';
import { language } from '../shared/language/i18n.ts';
import { batch } from './dead-letters.ts';
import { jobAbout } from './job-words.ts';
import { words } from './words.ts';

/** What the clock starts, as `matjip batch list` has it: the last runs of each, how long they took, what they did, why one failed, and what comes next. */
export function BatchJobs() {
  if (!batch.value) return null;
  return (
    <section class="batch" aria-labelledby="batch">
      <h2 id="batch">{words('batch')}</h2>
      <ul>
        {batch.value.map((job) => (
          <Job key={job.name} job={job} />
        ))}
      </ul>
    </section>
  );
}

const timeText = (time: string): string =>
  new Date(time).toLocaleString(language.value, { dateStyle: 'short', timeStyle: 'medium' });

function Job({ job: { name, about, pattern, nextAt, runs } }: { job: BatchJobView }) {
  const [last] = runs;
  const alerts = runs.filter(({ alert }) => alert !== null);
  return (
    <li class="letter">
      <div class="letter-head">
        <h3>
          <code>{name}</code>
        </h3>
        {last && <Outcome run={last} />}
        {alerts.length > 0 && <span class="badge warn">{words('alert')}</span>}
        {nextAt && <time dateTime={nextAt}>{words('next', { time: timeText(nextAt) })}</time>}
      </div>
      <p class="soft" lang={language.value === 'ko' ? undefined : 'en'}>
        {jobAbout(name, about)} (<code>{pattern}</code>)
      </p>
      {last && (
        <p class="last-run soft" lang="en">
          <Run run={last} />
        </p>
      )}
      {last?.error && <p class="reason">{last.error}</p>}
      {alerts[0] && <p class="reason alert">{alerts[0].alert}</p>}
      {runs.length === 0 ? (
        <p class="soft">{words('neverRan')}</p>
      ) : (
        <details>
          <summary>{words('runs', { count: runs.length })}</summary>
          <ul class="runs">
            {runs.map((run) => (
              <li key={run.startedAt}>
                <Outcome run={run} />
                <Run run={run} />
                {run.error && <span>{run.error}</span>}
                {run.alert && <span class="alert">{run.alert}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** When it began, how long it took, what it did. */
const Run = ({ run: { startedAt, tookMs, did } }: { run: BatchRunView }) => (
  <>
    <time dateTime={startedAt}>{timeText(startedAt)}</time>
    {tookMs !== null && <span class="number">{words('took', { ms: tookMs })}</span>}
    {did !== null && <span>{did}</span>}
  </>
);

const Outcome = ({ run: { outcome } }: { run: BatchRunView }) => (
  <span class={`badge ${outcome === 'done' ? 'good' : outcome === 'running' ? '' : 'warn'}`}>
    {words(`outcome.${outcome}`)}
  </span>
);
