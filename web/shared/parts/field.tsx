import type { ComponentChildren } from 'preact';

interface FieldProps {
  /** Of the input inside; its help is `{id}-help`. */
  readonly id: string;
  readonly label: string;
  readonly help?: string | undefined;
  /** Stands in the place of the help. */
  readonly wrong?: string | undefined;
  readonly children: ComponentChildren;
}

/** One input of a form with its name, and with what helps or what is wrong. */
export function Field({ id, label, help, wrong, children }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <p id={`${id}-help`} class={wrong ? 'wrong' : 'soft'}>
        {wrong ?? help}
      </p>
    </div>
  );
}
