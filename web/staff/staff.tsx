import { useSignalEffect } from '@preact/signals';
import type { Role } from '../../src/contract/permissions.ts';
import { dayAndTime } from '../shared/language/day-and-time.ts';
import { t } from '../shared/language/house-words.ts';
import { language, nameOf } from '../shared/language/i18n.ts';
import { LanguageChoice } from '../shared/language/language-choice.tsx';
import { sentenceOf } from '../shared/language/problem-words.ts';
import { KeyForm } from '../shared/parts/key-form.tsx';
import { NoticePlace, say } from '../shared/parts/notice.tsx';
import { QrCode } from '../shared/parts/qr-code.tsx';
import { ToStore } from '../shared/parts/to-store.tsx';
import { WhoWorks } from '../shared/parts/who-works.tsx';
import { Log } from './log.tsx';
import { People } from './people.tsx';
import {
  addDevice,
  devices,
  failed,
  invitations,
  invite,
  revoke,
  staffKey,
  store,
  storeSlug,
  told,
} from './staff-state.ts';
import { words } from './words.ts';

const keyWords = () => ({
  title: words('pageTitle'),
  label: t('key.label'),
  help: words('keyHelp'),
  open: words('open'),
});

/** Who may work at a store: invitations that are open, and the devices that are signed in. */
export function Staff() {
  useSignalEffect(() => {
    document.title = store.value ? words('title', { store: nameOf(store.value.name) }) : words('pageTitle');
  });
  if (!staffKey.value.value) {
    return (
      <main class="key-page">
        <KeyForm pageKey={staffKey} words={keyWords()} />
      </main>
    );
  }
  return (
    <>
      <header class="top">
        <ToStore slug={storeSlug} />
        <h1>{store.value ? words('title', { store: nameOf(store.value.name) }) : words('pageTitle')}</h1>
        <WhoWorks pageKey={staffKey} store={storeSlug} />
        <LanguageChoice />
      </header>
      <main>
        {failed.value && (
          <p class="banner" role="alert">
            {sentenceOf(failed.value)}
          </p>
        )}
        <section class="card" aria-label={words('invite')}>
          <h2>{words('invite')}</h2>
          <p class="soft">{words('inviteHelp')}</p>
          <InviteForm />
          {told.value?.kind === 'invitation' && <Link link={told.value.link} />}
          <h3>{words('invited')}</h3>
          {invitations.value.length === 0 && <p class="soft">{words('none')}</p>}
          <ul>
            {invitations.value.map(({ id, role, note, invitedBy, expiresAt }) => {
              const name = [words(`role.${role}`), note].filter(Boolean).join(' · ');
              return (
                <li key={id}>
                  <span>
                    <strong>{name}</strong>
                    <small>
                      {words(invitedBy === 'key' ? 'byKey' : 'by', { name: invitedBy, time: shownTime(expiresAt) })}
                    </small>
                  </span>
                  <button
                    type="button"
                    class="button"
                    aria-label={words('revokeName', { name })}
                    onClick={() => void revoke('invitations', id)}
                  >
                    {words('revoke')}
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
        <section class="card" aria-label={words('devices')}>
          <h2>{words('devices')}</h2>
          <p class="soft">{words('deviceHelp')}</p>
          <DeviceForm />
          {told.value?.kind === 'device' && <Link link={told.value.link} />}
          <ul>
            {devices.value.map(({ id, name, role }) => (
              <li key={id}>
                <span>
                  <strong>{name}</strong>
                  <small>{words(`role.${role}`)}</small>
                </span>
                <button
                  type="button"
                  class="button"
                  aria-label={words('cutName', { name })}
                  onClick={() => void revoke('devices', id)}
                >
                  {words('cut')}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <People />
        <Log timeOf={shownTime} />
        <NoticePlace />
      </main>
    </>
  );
}

const shownTime = (iso: string): string => dayAndTime(iso, language.value, store.value?.timeZone);

function InviteForm() {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const note = String(given.get('note')).trim();
    if (await invite({ role: given.get('role') as Role, ...(note && { note }) })) form.reset();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <RoleField roles={['kitchen', 'hall', 'manager', 'owner']} />
      <label>
        <span>{words('note')}</span>
        <input name="note" maxLength={60} autocomplete="off" />
      </label>
      <button type="submit" class="button primary">
        {words('makeInvitation')}
      </button>
    </form>
  );
}

function DeviceForm() {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    if (await addDevice(String(given.get('name')), given.get('role') as 'hall' | 'kitchen')) form.reset();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <RoleField roles={['kitchen', 'hall']} />
      <label>
        <span>{words('deviceName')}</span>
        <input name="name" maxLength={60} autocomplete="off" required />
      </label>
      <button type="submit" class="button primary">
        {words('addDevice')}
      </button>
    </form>
  );
}

function RoleField({ roles }: { roles: readonly Role[] }) {
  return (
    <label>
      <span>{words('role')}</span>
      <select name="role">
        {roles.map((role) => (
          <option key={role} value={role}>
            {words(`role.${role}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Told once: to be sent, or scanned from this screen. */
function Link({ link }: { link: string }) {
  const copy = () =>
    void navigator.clipboard?.writeText(link).then(
      () => say(words('copied')),
      () => {},
    );
  return (
    <div class="told" role="status">
      <p>{words('once')}</p>
      <QrCode text={link} label={words('qr')} />
      <input
        readOnly
        aria-label={words('link')}
        value={link}
        onFocus={(event) => (event.currentTarget as HTMLInputElement).select()}
      />
      {'clipboard' in navigator && (
        <button type="button" class="button" onClick={copy}>
          {words('copy')}
        </button>
      )}
    </div>
  );
}
