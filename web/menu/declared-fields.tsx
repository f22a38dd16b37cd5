import { DISH_FIELD_NAMES, type DishFieldName, dishField } from '../../src/contract/dish-fields.ts';
import { Field } from '../shared/parts/field.tsx';
import { said } from './words.ts';

type Values = Readonly<Record<DishFieldName, string | boolean>>;
interface FieldsProps {
  values: Values;
  set: (values: Values) => void;
}

const namesOf = (type: 'number' | 'flag') => DISH_FIELD_NAMES.filter((name) => dishField(name).type === type);

/** The numbers of a dish that are declared. @param wrong what is wrong, by the field's name */
export const NumberFields = ({ values, wrong, set }: FieldsProps & { wrong: Readonly<Record<string, string>> }) =>
  namesOf('number').map((name) => {
    const { label, help } = dishField(name);
    return (
      <Field key={name} id={name} label={said(label)} help={help ? said(help) : ''} wrong={wrong[name]}>
        <input
          id={name}
          value={String(values[name])}
          aria-describedby={`${name}-help`}
          aria-invalid={wrong[name] !== undefined}
          autocomplete="off"
          inputMode="numeric"
          onInput={({ currentTarget }) => set({ ...values, [name]: currentTarget.value })}
        />
      </Field>
    );
  });

/** What holds for a dish or does not, as it is declared. */
export const FlagFields = ({ values, set }: FieldsProps) =>
  namesOf('flag').map((name) => (
    <label class="check" key={name}>
      <input
        type="checkbox"
        checked={values[name] === true}
        onChange={({ currentTarget }) => set({ ...values, [name]: currentTarget.checked })}
      />{' '}
      {said(dishField(name).label)}
    </label>
  ));
