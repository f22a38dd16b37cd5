import { useEffect, useState } from 'preact/hooks';
import type { PhotoCopy } from '../../src/contract/menu.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { readCopy, sendPhoto } from './menu-api.ts';
import { fail } from './menu-state.ts';
import { w } from './words.ts';

/** A dish's photo: chosen here, or named by a menu file at another server, of which guests see our copy. */
export function PhotoField({ photo, set }: { photo: string; set: (photo: string) => void }) {
  const [isSending, setSending] = useState(false);
  const [isBad, setBad] = useState(false);
  const [copy, setCopy] = useState<PhotoCopy>();
  const isElsewhere = /^https?:/i.test(photo);
  useEffect(() => {
    if (isElsewhere) readCopy(photo).then(setCopy, fail);
    else setCopy(undefined);
  }, [photo]);

  const send = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (!file) return;
    setSending(true);
    setBad(false);
    try {
      set(await sendPhoto(file));
    } catch (error) {
      if (error instanceof ApiProblem && ['invalid', 'too-large'].includes(error.type)) setBad(true);
      else fail(error);
    }
    setSending(false);
    // So that the same file can be chosen again.
    input.value = '';
  };

  const shown = isElsewhere ? copy?.photo : photo;
  return (
    <div class="field photo-field">
      <span class="photo-label">{w('col.photo')}</span>
      {shown && <img src={shown} alt={w('photoOf')} width={160} height={120} />}
      {isElsewhere && copy && !copy.photo && (
        <p class="soft">
          {w(copy.state === 'failed' ? 'copy.failed' : 'copy.waiting', {
            address: photo,
            problem: copy.problem ?? '',
          })}
        </p>
      )}
      <div class="actions">
        <label class="button file">
          {w(photo ? 'otherPhoto' : 'choosePhoto')}
          <input
            type="file"
            class="visually-hidden"
            accept="image/jpeg,image/png,image/webp"
            aria-describedby="photo-help"
            disabled={isSending}
            onChange={({ currentTarget }) => void send(currentTarget)}
          />
        </label>
        {photo && (
          <button type="button" class="button quiet" onClick={() => set('')}>
            {w('dropPhoto')}
          </button>
        )}
      </div>
      <p id="photo-help" class={isBad ? 'wrong' : 'soft'} role="status">
        {isBad ? w('badPhoto') : isSending ? w('sendingPhoto') : ''}
      </p>
    </div>
  );
}
