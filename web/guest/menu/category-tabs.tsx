import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { MenuView } from '../../../src/contract/menu.ts';
import { nameOf, t } from '../../shared/language/i18n.ts';

/** So much of the category before is in sight, which says that the bar can be pushed back. */
const BEFORE_PX = 32;

/** The category that is under the reader's eye. */
const current = signal('');

/** Sections of the menu; the tab of the one on the screen is marked and kept in sight. */
export function CategoryTabs({ categories }: { categories: MenuView['categories'] }) {
  const bar = useRef<HTMLElement>(null);
  const ids = categories.map(({ id }) => id).join();

  useEffect(() => {
    const seen = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) seen.add(target.id);
          else seen.delete(target.id);
        }
        // At the top of the page none has come so far, and the first is the next.
        current.value = categories.find(({ id }) => seen.has(`category-${id}`))?.id ?? '';
      },
      // A band just below the bar: the section that crosses it is the one being read.
      { rootMargin: '-72px 0px -70% 0px' },
    );
    for (const { id } of categories) {
      const section = document.getElementById(`category-${id}`);
      if (section) observer.observe(section);
    }
    return () => observer.disconnect();
  }, [ids]);

  const shown = current.value || categories[0]?.id;
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-current]');
    const first = bar.current?.firstElementChild as HTMLElement | null | undefined;
    if (!tab || !first) return;
    // The one before it is half in sight, and the first stands under the search and over the cards. Not scrollIntoView: it would scroll the
    // page as well and fight with the reader's thumb.
    bar.current?.scrollTo({ left: tab.offsetLeft - first.offsetLeft - BEFORE_PX, behavior: 'smooth' });
  }, [shown]);

  return (
    <nav class="tabs" ref={bar} aria-label={t('menu.categories')}>
      {categories.map(({ id, name }) => (
        <button
          type="button"
          key={id}
          class="tab"
          aria-current={id === shown ? 'true' : undefined}
          onClick={() => {
            const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
            document.getElementById(`category-${id}`)?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' });
          }}
        >
          {nameOf(name)}
        </button>
      ))}
    </nav>
  );
}
