import { useEffect, useRef, useState } from 'preact/hooks';
import type { CouponRequest, CouponView } from '../../src/contract/bill.ts';
import { sentenceOf } from '../shared/language/problem-words.ts';
import { readAmount } from '../shared/language/typed-amount.ts';
import { Field } from '../shared/parts/field.tsx';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { uuidV7 } from '../shared/server/uuid.ts';
import { words } from './coupon-words.ts';
import { dayAt, endOfDay } from './end-of-day.ts';
import { ownerKey, type Shown, storePath } from './sales-state.ts';

const USES_FIRST = '100';
/** A month of days, which is how long a flyer lies about. */
const DAYS_FIRST = 30;

type FieldName = 'code' | 'value' | 'uses' | 'until';
type Wrong = Partial<Record<FieldName, string>>;

const countOf = (text: string, max: number): number | undefined => {
  const count = /^\d{1,7}$/.test(text.trim()) ? Number(text) : 0;
  return count >= 1 && count <= max ? count : undefined;
};

/** A new coupon. What is wrong stands at its field. */
export function CouponForm({ store, onMade }: { store: Shown['store']; onMade: () => Promise<void> }) {
  const empty = () => ({
    code: '',
    value: '',
    uses: USES_FIRST,
    until: dayAt(serverNowMs(), store.timeZone, DAYS_FIRST),
  });
  const [by, setBy] = useState<'percent' | 'amount'>('percent');
  const [typed, setTyped] = useState<Record<FieldName, string>>(empty);
  const [wrong, setWrong] = useState<Wrong>({});
  const [isSaving, setSaving] = useState(false);
  /** The same for every try of one coupon, so that a lost answer makes no second one. */
  const id = useRef(uuidV7(serverNowMs()));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [wrong]);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const value = by === 'percent' ? countOf(typed.value, 100) : readAmount(typed.value, store.currency) || undefined;
    const usesMax = countOf(typed.uses, 1_000_000);
    const isDay = /^\d{4}-\d\d-\d\d$/.test(typed.until) && typed.until >= dayAt(serverNowMs(), store.timeZone);
    const found: Wrong = {
      ...(!/^[\p{L}\p{N}][\p{L}\p{N}-]{2,39}$/u.test(typed.code.trim()) && { code: words('wrong.code') }),
      ...(value === undefined && { value: words(`wrong.${by}`) }),
      ...(usesMax === undefined && { uses: words('wrong.uses') }),
      ...(!isDay && { until: words('wrong.until') }),
    };
    if (value === undefined || usesMax === undefined || Object.keys(found).length > 0) return setWrong(found);
    const validTo = endOfDay(typed.until, store.timeZone).toISOString();
    const body: CouponRequest = { code: typed.code.trim(), [by]: value, usesMax, validTo };
    setSaving(true);
    setWrong({});
    try {
      const { data } = await request<CouponView>(storePath('/coupons'), {
        method: 'POST',
        body,
        token: ownerKey.value.value ?? undefined,
        headers: { 'idempotency-key': id.current },
      });
      say(words('made', { code: data!.code }));
      setTyped(empty());
      id.current = uuidV7(serverNowMs());
      await onMade();
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      const isTaken = problem.body.fields?.some(({ field }) => field === 'code');
      if (isTaken) setWrong({ code: words('wrong.taken') });
      else say(sentenceOf(problem), 'problem');
    } finally {
      setSaving(false);
    }
  };

  const field = (name: FieldName, label: string, more: object = {}, help?: string) => (
    <Field id={`coupon-${name}`} label={label} help={help} wrong={wrong[name]}>
      <input
        id={`coupon-${name}`}
        value={typed[name]}
        autocomplete="off"
        aria-describedby={`coupon-${name}-help`}
        aria-invalid={wrong[name] !== undefined}
        onInput={({ currentTarget }) => setTyped({ ...typed, [name]: currentTarget.value })}
        {...more}
      />
    </Field>
  );
  return (
    <form ref={form} class="coupon-form" onSubmit={(event) => void submit(event)} noValidate>
      {field(
        'code',
        words('code'),
        { maxLength: 40, autocapitalize: 'characters', spellcheck: false },
        words('codeHelp'),
      )}
      <fieldset class="coupon-by">
        <legend>{words('by')}</legend>
        {(['percent', 'amount'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="coupon-by" checked={by === each} onChange={() => setBy(each)} /> {words(each)}
          </label>
        ))}
      </fieldset>
      {field('value', words('value'), { inputMode: by === 'percent' ? 'numeric' : 'decimal' })}
      {field('uses', words('uses'), { inputMode: 'numeric' })}
      {field('until', words('until'), { type: 'date', min: dayAt(serverNowMs(), store.timeZone) })}
      <button type="submit" class="button primary" disabled={isSaving}>
        {words('make')}
      </button>
    </form>
  );
}
