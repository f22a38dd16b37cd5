import { useState } from 'preact/hooks';
import type { VisitKey } from '../../../src/contract/bill.ts';
import { keep } from '../../shared/page/storage.ts';
import { say } from '../../shared/parts/notice.tsx';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { request } from '../../shared/server/api.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { keptAs, place, proof } from '../order/place.ts';
import { order } from '../order/sending.ts';
import { words } from './table-words.ts';
import { visitAsked } from './visit-asked.ts';

const close = () => {
  visitAsked.value = null;
};

/** The code of the table's visit, once a visit: the people at the table have it, whoever is at home does not. */
export function VisitSheet({ reason }: { reason: 'no-visit' | 'needed' }) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<'codeWrong' | 'codeOften' | 'codeFailed' | null>(null);

  const join = async (event: Event) => {
    event.preventDefault();
    try {
      const body = { table: place.table, tableKey: proof.tableKey, code: code.trim() };
      const { data } = await request<VisitKey>(`/stores/${encodeURIComponent(place.store)}/visits`, {
        method: 'POST',
        body,
      });
      proof.visit = data!.visit;
      keep(keptAs.visit, data!.visit);
      close();
      await order();
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (problem.body.reason === 'no-visit') visitAsked.value = 'no-visit';
      else if (problem.type === 'visit-code') setWrong('codeWrong');
      else setWrong(problem.status === 429 ? 'codeOften' : 'codeFailed');
    }
  };

  return (
    <Sheet label={words('code')} title={words('code')} onClose={close}>
      {reason === 'no-visit' ? (
        <>
          <p>{words('noVisit')}</p>
          <button
            type="button"
            class="button primary wide"
            onClick={() => {
              close();
              order().catch(() => say(words('codeFailed'), 'problem'));
            }}
          >
            {words('tryAgain')}
          </button>
        </>
      ) : (
        <form onSubmit={(event) => void join(event)}>
          <p id="code-help">{words(wrong ?? 'codeHelp')}</p>
          <input
            class="visit-code"
            aria-label={words('code')}
            aria-describedby="code-help"
            aria-invalid={wrong !== null}
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={4}
            autofocus
            value={code}
            onInput={({ currentTarget }) => setCode(currentTarget.value)}
          />
          <button type="submit" class="button primary wide" disabled={code.trim().length < 4}>
            {words('codeDo')}
          </button>
        </form>
      )}
    </Sheet>
  );
}
