interface ChoiceProps<T extends string> {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  onValue: (value: T) => void;
}

/** A few things of which one is chosen, each under the thumb. */
export function Choice<T extends string>({ label, options, value, onValue }: ChoiceProps<T>) {
  return (
    <fieldset class="choice" aria-label={label}>
      {options.map(([key, text]) => (
        <button type="button" key={key} aria-pressed={key === value} onClick={() => onValue(key)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
