import { signal } from '@preact/signals';

interface Notice {
  text: string;
  kind: 'info' | 'problem';
  /** What can be done about it, or to take it back. */
  action?: { label: string; run: () => void } | undefined;
}

const notice = signal<Notice | null>(null);

/** Long enough to read twice, and to reach for the button. */
const SHOWN_MS = 6_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says one sentence at the foot of the screen; the next one takes its place. Screen readers read it out. */
export function say(text: string, kind: Notice['kind'] = 'info', action?: Notice['action']): void {
  clearTimeout(timer);
  notice.value = { text, kind, action };
  timer = setTimeout(unsay, SHOWN_MS);
}

/** Takes the sentence away. */
export function unsay(): void {
  notice.value = null;
}

/** The place of the sentence. A modal sheet hides everything outside itself, so it has a place of its own. */
export function NoticePlace() {
  const shown = notice.value;
  return (
    <div class="notice-place" role="status" aria-live="polite">
      {shown && (
        <p class={`notice ${shown.kind}`}>
          <span>{shown.text}</span>
          {shown.action && (
            <button type="button" onClick={shown.action.run}>
              {shown.action.label}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
