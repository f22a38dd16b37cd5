import { DISH_ATTRIBUTE_NAMES, type DishAttributeName, dishAttribute } from '../../src/contract/dish-attributes.ts';
import { wordOf } from '../shared/language/i18n.ts';

type Codes = Readonly<Record<DishAttributeName, string>>;

/** What is told of a dish, each as one of a few things or nothing at all. */
export const AttributeFields = ({ codes, set }: { codes: Codes; set: (codes: Codes) => void }) =>
  DISH_ATTRIBUTE_NAMES.map((name) => (
    <div class="field" key={name}>
      <label for={`attribute-${name}`}>{wordOf(dishAttribute(name).label)}</label>
      <select
        id={`attribute-${name}`}
        value={codes[name]}
        onChange={({ currentTarget }) => set({ ...codes, [name]: currentTarget.value })}
      >
        <option value="">—</option>
        {Object.entries(dishAttribute(name).values).map(([code, words]) => (
          <option key={code} value={code}>
            {wordOf(words)}
          </option>
        ))}
      </select>
    </div>
  ));
