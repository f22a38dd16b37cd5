import { ALLERGENS } from '../../../src/contract/allergens.ts';
import type { Name } from '../../../src/contract/common.ts';
import { nameOf, saidLater, t } from '../../shared/language/i18n.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { close } from '../route.ts';
import { avoided, menuAllergens, setAvoided } from './find-state.ts';

/** An allergen as people call it; its code where a menu has one of its own. */
export const allergenName = (code: string): string => {
  const known = (ALLERGENS as Partial<Record<string, Name>>)[code];
  return saidLater(`allergen.${code}`) ?? (known ? nameOf(known) : code);
};

/** What the owner of this phone avoids: kept on the phone, asked of nobody. */
export function AvoidSheet() {
  // What was chosen at another store can be taken back here, too.
  const codes = new Set([...Object.keys(ALLERGENS), ...menuAllergens.value]);
  const shown = [...codes].filter((code) => menuAllergens.value.has(code) || avoided.value.has(code));
  return (
    <Sheet
      label={t('avoid.title')}
      title={t('avoid.title')}
      onClose={close}
      footer={
        <button type="button" class="button primary wide" onClick={close}>
          {t('avoid.done')}
        </button>
      }
    >
      <p>{t('avoid.help')}</p>
      <fieldset class="avoid" aria-label={t('avoid.title')}>
        {shown.map((code) => (
          <label key={code} class="option">
            <input
              type="checkbox"
              checked={avoided.value.has(code)}
              onChange={({ currentTarget }) => setAvoided(code, currentTarget.checked)}
            />
            <span>{allergenName(code)}</span>
          </label>
        ))}
      </fieldset>
    </Sheet>
  );
}
