import { useState } from 'preact/hooks';
import { nameOf } from '../shared/language/i18n.ts';
import { say } from '../shared/parts/notice.tsx';
import { words } from './category-words.ts';
import { type Category, withHours } from './menu-shape.ts';
import { keep } from './menu-state.ts';

/** When the dishes of a category are served: lunch sets are a category, and nobody writes the same hours on twenty dishes. */
export function CategoryHours({ category }: { category: Category }) {
  const [written, setWritten] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const name = nameOf(category.name);
  if (written === null) {
    return (
      <p class="soft category-hours">
        {category.hours ?? words('always')}{' '}
        <button
          type="button"
          class="button quiet"
          aria-label={words('changeName', { name })}
          onClick={() => setWritten(category.hours ?? '')}
        >
          {words('change')}
        </button>
      </p>
    );
  }
  const close = () => {
    setWritten(null);
    setWrong(false);
  };
  async function save(event: Event) {
    event.preventDefault();
    const fields = await keep((menu) => {
      const next = withHours(menu, category, written!.trim() || null);
      if (!next) say(words('gone'), 'problem');
      return next;
    });
    if (fields?.length === 0) {
      say(words('saved', { name }));
      close();
    } else if (fields) setWrong(true);
    else close();
  }
  const id = `hours-${category.code}`;
  return (
    <form class="field category-hours" onSubmit={(event) => void save(event)}>
      <label for={id}>{words('hours', { name })}</label>
      <input
        id={id}
        value={written}
        ref={(input) => void (isWrong && input?.focus())}
        aria-describedby={`${id}-help`}
        aria-invalid={isWrong}
        autocomplete="off"
        onInput={({ currentTarget }) => setWritten(currentTarget.value)}
      />
      <small id={`${id}-help`} role={isWrong ? 'alert' : undefined}>
        {words(isWrong ? 'wrong' : 'help')}
      </small>
      <span class="actions">
        <button type="submit" class="button primary">
          {words('save')}
        </button>
        <button type="button" class="button" onClick={close}>
          {words('cancel')}
        </button>
      </span>
    </form>
  );
}
