/**
 * As the `ref` of a form that stands where the button was that opened it: its first field has the focus, or the choice of its first group. Whoever
 * works by keyboard would begin at the top of the page otherwise.
 */
export const focusFirst = (form: HTMLFormElement | null): void =>
  form?.querySelector<HTMLElement>('input:checked, input:not([type="radio"], :disabled), select, textarea')?.focus();
