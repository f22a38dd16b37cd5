import { t } from '../shared/language/waiting-words.ts';
import { tries } from './join.ts';

/** While the join is on its way: a guest who knows that it goes on doesn't tap twice. */
export function Sending() {
  return (
    <section class="card centered">
      <p role="status">{tries.value === 0 ? t('wait.joining') : t('send.retrying', { count: tries.value })}</p>
      <p class="soft">{t('wait.once')}</p>
    </section>
  );
}
