import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../language/i18n.ts';
import { NoticePlace } from './notice.tsx';

interface SheetProps {
  /** Names the sheet for those who don't see it. */
  label: string;
  /** Stands in the head, beside the button that closes; without one there is only the button. */
  title?: ComponentChildren;
  onClose: () => void;
  /** Stays at the bottom while the rest scrolls. */
  footer?: ComponentChildren;
  /** Whether it takes the whole height of a phone. */
  full?: boolean;
  /** False for a sheet that only its own buttons may close. */
  dismissable?: boolean;
  class?: string;
  children: ComponentChildren;
}

/**
 * A layer over the page. The browser's own modal dialog keeps the focus inside, gives it back afterwards, and hides the
 * page behind it from screen readers; no code of ours would do that as well.
 */
export function Sheet({
  label,
  title,
  onClose,
  footer,
  full,
  dismissable = true,
  class: extra = '',
  children,
}: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      // The dialog gives the focus back only while it is in the page, and by now it may be out of it.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a tap beside the sheet closes it; keyboards have Escape, see onCancel
    <dialog
      ref={dialog}
      class={`sheet ${full ? 'full' : ''} ${extra}`}
      aria-label={label}
      onCancel={(event) => {
        // Closing is the owner's to decide: it may have to go back in the history.
        event.preventDefault();
        if (dismissable) onClose();
      }}
      onClose={() => {
        // A browser may close it without asking, on a second Escape say; what owns the sheet has to follow.
        if (!dialog.current?.isConnected || dialog.current.open) return;
        if (dismissable) onClose();
        else dialog.current.showModal();
      }}
      onClick={(event) => {
        if (dismissable && event.target === dialog.current) onClose();
      }}
    >
      <div class="sheet-body">
        {/* Apart from what scrolls: nothing is ever covered by it. */}
        {dismissable && (
          <div class="sheet-head">
            {title && <h2 class="sheet-title">{title}</h2>}
            <button type="button" class="sheet-close" aria-label={t('close')} onClick={onClose}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" />
              </svg>
            </button>
          </div>
        )}
        <div class="sheet-scroll">{children}</div>
        <NoticePlace />
        {footer && <div class="sheet-footer">{footer}</div>}
      </div>
    </dialog>
  );
}
